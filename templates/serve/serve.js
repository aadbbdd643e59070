// The preview: is told of every change (server-sent events) and shows what came of it. Whatever a spec says goes
// into the page as text; pictures are <img>, and the two parts that are HTML are parsed without being run.
"use strict";
(() => {
  const root = document.documentElement;
  const TOP = new URL(".", document.currentScript.src).pathname; // of the preview, behind a proxy too
  const SUIT = "page"; // the choice of colours that go with the page
  const SLOW = 300; // ms of drawing after which it is said that it goes on

  const keep = (name, value) => {
    try {
      localStorage.setItem(`lorafig-${name}`, value);
    } catch {
      // a browser that keeps nothing: a choice is for one page
    }
  };
  const kept = (name) => {
    try {
      return localStorage.getItem(`lorafig-${name}`);
    } catch {
      return null;
    }
  };

  // -- colours of the page: set before anything is painted -----------------------------------------
  let theme = kept("theme");
  const setTheme = (chosen) => {
    theme = chosen === "light" || chosen === "dark" ? chosen : "auto";
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  setTheme(theme);

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const byId = (id) => document.getElementById(id);

  /** Sets a text only when it is another one: a screen reader says what is set. */
  const say = (node, text, state) => {
    if (node.textContent !== text) node.textContent = text;
    if (node.dataset.state !== state) node.dataset.state = state;
  };

  // -- what there is to say of a figure ------------------------------------------------------------
  const name = (figure) => figure.picture?.title || figure.file;
  const first = (figure) => {
    const { line, what } = figure.faults[0];
    const others = figure.faults.length - 1 + figure.more;
    return (line === null ? what : `line ${line}: ${what}`) + (others > 0 ? `, and ${others} more` : "");
  };

  /** A status that says when a figure was drawn, is being drawn for long, or is wrong. */
  const teller = (node, before) => {
    let timer = null;
    let seen = null;
    let text = node.textContent;
    let state = "drawing";
    return (figure) => {
      clearTimeout(timer);
      if (figure.revision !== seen && figure.revision > 0) {
        const time = new Date().toLocaleTimeString();
        if (figure.faults.length > 0) [text, state] = [first(figure), "bad"];
        else [text, state] = [seen === null ? "Drawn" : `Drawn again, ${time}`, "good"];
        seen = figure.revision;
      }
      const told = before ? `${before(figure)}: ${text}` : text;
      if (!figure.drawing) say(node, told, state);
      else if (seen !== null) timer = setTimeout(() => say(node, "Drawing…", "drawing"), SLOW);
    };
  };

  /** Shows a picture in place of the one before, once it is here: nothing flickers. */
  const exchange = (place, address, alternative, done) => {
    if (place.dataset.address === address) return;
    place.dataset.address = address;
    const image = new Image();
    image.alt = alternative;
    image.addEventListener("load", () => {
      if (place.dataset.address !== address) return;
      done?.(image);
      place.replaceChildren(image);
    });
    image.src = address;
  };

  /** A part of the page that is HTML. */
  const fill = (place, address) => {
    if (place.dataset.address === address) return;
    place.dataset.address = address;
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () => {
      if (place.dataset.address !== address || request.status !== 200) return;
      place.replaceChildren(document.importNode(request.response.body.firstElementChild, true));
    });
    request.send();
  };

  // -- the page of a figure --------------------------------------------------------------------------
  const figurePage = (number) => {
    const base = `${TOP}figure/${number}/`;
    const status = teller(byId("status"));
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const panel = (tab) => byId(tab.getAttribute("aria-controls"));
    const palette = byId("palette");
    const size = byId("size");
    const stage = byId("stage");
    let figure = null;
    let faultsOf = null;

    const sized = (image) => {
      const factor = Number(size.value);
      if (!image) return;
      image.natural ??= image.naturalWidth;
      if (size.value === "fit") image.removeAttribute("width");
      else image.width = image.natural * factor;
    };
    const night = matchMedia("(prefers-color-scheme: dark)");
    const dark = () => (theme === "auto" ? night.matches : theme === "dark");
    const colours = () => {
      if (palette.value !== SUIT) return palette.value || figure.picture.own;
      return figure.picture.suits[dark() ? "dark" : "light"];
    };
    const draw = {
      "tab-picture": () => {
        const chosen = colours();
        const address = `${base}picture/${chosen}.svg?${figure.revision}`;
        exchange(stage, address, figure.picture.alternative, (image) => {
          stage.dataset.palette = chosen;
          sized(image);
        });
      },
      "tab-claims": () => fill(byId("panel-claims"), `${base}claims?${figure.revision}`),
      "tab-words": () => fill(byId("panel-words"), `${base}words?${figure.revision}`),
      "tab-page": () => {
        const { revision, ready, drawing, wrong } = figure.page;
        const note = byId("page-status");
        if (wrong !== null) say(note, wrong, "bad");
        else say(note, drawing || !ready ? "Drawing…" : "", "drawing");
        note.hidden = wrong === null && !drawing && ready;
        byId("alone").hidden = !ready;
        const place = byId("frame");
        const address = `${base}page?${revision}`;
        if (!ready) place.replaceChildren();
        if (!ready || place.dataset.address === address) return;
        place.dataset.address = address;
        const frame = element("iframe");
        frame.title = `Interactive: ${name(figure)}`;
        frame.setAttribute("sandbox", "allow-scripts allow-downloads allow-modals");
        frame.src = address;
        place.replaceChildren(frame);
      },
    };
    const selected = () => tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    const select = (chosen) => {
      for (const tab of tabs) {
        tab.setAttribute("aria-selected", String(tab === chosen));
        tab.tabIndex = tab === chosen ? 0 : -1;
        panel(tab).hidden = tab !== chosen;
      }
      if (figure !== null) draw[chosen.id]();
    };

    for (const tab of tabs) {
      tab.addEventListener("click", () => {
        keep("view", tab.id);
        select(tab);
      });
    }
    document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
      const there = tabs.filter((tab) => !tab.hidden);
      const at = there.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + there.length, Home: 0, End: there.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      there[to % there.length].focus();
      there[to % there.length].click();
    });
    size.value = kept("size") ?? "fit";
    if (size.selectedIndex < 0) size.value = "fit";
    stage.dataset.size = size.value;
    size.addEventListener("change", () => {
      keep("size", size.value);
      stage.dataset.size = size.value;
      sized(stage.querySelector("img"));
    });
    palette.addEventListener("change", () => {
      keep("palette", palette.value);
      draw["tab-picture"]();
    });
    const repaint = () => figure?.picture && draw["tab-picture"]();
    night.addEventListener("change", repaint);
    document.querySelector(".themes").addEventListener("change", repaint);
    let chosenBefore = byId(kept("view") ?? "");

    const offer = (picture) => {
      const options = [["", `as in the spec (${picture.own})`], [SUIT, "to suit this page"], ...picture.palettes.toSorted().map((one) => [one, one])];
      const written = JSON.stringify(options);
      if (palette.dataset.options === written) return;
      palette.dataset.options = written;
      const value = palette.options.length > 0 ? palette.value : (kept("palette") ?? "");
      palette.replaceChildren(...options.map(([key, label]) => new Option(label, key)));
      palette.value = value;
      if (palette.selectedIndex < 0) palette.value = "";
    };

    const fault = (one) => {
      const item = element("li");
      if (one.place !== null) item.append(element("p", "place", one.place));
      item.append(element("p", "what", one.what));
      if (one.source !== null) {
        const [before, word, after] = one.source;
        const line = element("pre");
        line.append(element("span", "number", `${one.line} | `), before, element("mark", "", word || " "), after);
        item.append(line);
      }
      if (one.hint !== null) {
        const hint = element("p", "hint");
        hint.append(element("strong", "", "Hint:"), ` ${one.hint}`);
        item.append(hint);
      }
      return item;
    };

    return (states) => {
      figure = states[number];
      const { picture, faults } = figure;
      const wrong = faults.length > 0;
      status(figure);
      const title = name(figure);
      if (byId("title").textContent !== title) byId("title").textContent = title;
      document.title = `${wrong ? "✗ " : ""}${title} · lorafig preview`;
      const written = JSON.stringify([faults, figure.more]);
      if (written !== faultsOf) {
        faultsOf = written;
        byId("faults-list").replaceChildren(...faults.map(fault));
        byId("faults-more").textContent = `And ${figure.more} more.`;
        byId("faults-more").hidden = figure.more === 0;
        byId("faults").hidden = !wrong;
      }
      const old = wrong && picture !== null && !picture.unverified;
      byId("before").textContent = picture?.unverified
        ? "There is no good picture yet. This one is not verified, and says so."
        : "The last good picture, as of before.";
      byId("before").hidden = !(wrong && picture !== null);
      byId("views").classList.toggle("was", old);
      byId("views").hidden = picture === null && figure.claims === null;
      for (const id of ["tab-picture", "tab-words"]) byId(id).hidden = picture === null;
      byId("tab-page").hidden = figure.page === null;
      byId("tab-claims").hidden = figure.claims === null;
      if (figure.claims !== null) {
        const { count, wrong: untrue } = figure.claims;
        byId("tab-claims").textContent = untrue > 0 ? `Claims (${untrue} of ${count} wrong)` : `Claims (${count})`;
      }
      if (picture !== null) offer(picture);
      if (chosenBefore !== null && !chosenBefore.hidden) {
        select(chosenBefore);
        chosenBefore = null;
      }
      const now = selected().hidden ? tabs.find((tab) => !tab.hidden) : selected();
      if (now !== undefined) select(now);
      if (picture === null) stage.replaceChildren();
      for (const link of document.querySelectorAll("[data-spec]")) {
        const one = states[Number(link.dataset.spec)];
        link.querySelector(".mark").textContent = one.faults.length > 0 ? "is wrong" : "";
      }
    };
  };

  // -- the index -------------------------------------------------------------------------------------
  const indexPage = () => {
    const status = byId("status");
    const cards = [...document.querySelectorAll("[data-card]")].map((card) => {
      const own = card.querySelector(".status");
      return { card, tell: teller(own), seen: 0 };
    });
    return (states) => {
      const changed = [];
      for (const { card, tell } of cards) {
        const number = Number(card.dataset.card);
        const figure = states[number];
        tell(figure);
        const link = card.querySelector("a");
        if (link.textContent !== name(figure)) link.textContent = name(figure);
        const { picture } = figure;
        const thumb = card.querySelector(".thumb");
        if (picture !== null) {
          exchange(thumb, `${TOP}figure/${number}/picture/${picture.own}.svg?${figure.revision}`, "", () => {
            thumb.dataset.palette = picture.own;
          });
        }
      }
      for (const one of cards) {
        const figure = states[Number(one.card.dataset.card)];
        if (figure.revision !== one.seen && one.seen > 0) changed.push(figure);
        one.seen = figure.revision;
      }
      const wrong = states.filter((figure) => figure.faults.length > 0).length;
      const waiting = states.filter((figure) => figure.revision === 0).length;
      if (waiting > 0) say(status, "Drawing…", "drawing");
      else if (changed.length === 1) {
        const [figure] = changed;
        const bad = figure.faults.length > 0;
        say(status, `${name(figure)}: ${bad ? first(figure) : "drawn again"}`, bad ? "bad" : "good");
      } else if (wrong > 0) say(status, `${wrong} of ${states.length} are wrong`, "bad");
      else say(status, "All are drawn", "good");
      document.title = `${wrong > 0 ? "✗ " : ""}lorafig preview`;
    };
  };

  // -- being told ------------------------------------------------------------------------------------
  const start = () => {
    for (const input of document.querySelectorAll(".themes input")) {
      input.checked = input.value === theme;
      input.addEventListener("change", () => {
        setTheme(input.value);
        keep("theme", theme);
      });
    }
    const { session, figure } = document.body.dataset;
    const show = figure === undefined ? indexPage() : figurePage(Number(figure));
    const gone = byId("gone");
    let source = null;
    let ended = false;
    const listen = () => {
      if (source !== null) return;
      ended = false;
      source = new EventSource(`${TOP}events`);
      source.addEventListener("message", (event) => {
        const told = JSON.parse(event.data);
        gone.hidden = true;
        // Another run, perhaps of other specs: the page is asked for again.
        if (told.session !== session) location.reload();
        else show(told.figures);
      });
      source.addEventListener("error", () => {
        gone.hidden = false; // and the browser goes on trying
        if (source?.readyState === EventSource.CLOSED) leave();
      });
      source.addEventListener("end", () => {
        ended = true;
        gone.hidden = false;
        leave();
      });
    };
    const leave = () => {
      source?.close();
      source = null;
    };
    byId("again").addEventListener("click", () => {
      leave();
      listen();
    });
    // A browser keeps few connections to one server: pages that nobody sees give theirs back.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) leave();
      else if (!ended) listen();
    });
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", () => !document.hidden && listen());
    if (!document.hidden) listen();
  };
  document.addEventListener("DOMContentLoaded", start);
})();
