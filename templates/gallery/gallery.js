// The gallery: colours, search and tags on the index, buttons that copy. Without it, all is there to be read.
"use strict";
(() => {
  const root = document.documentElement;
  const KEY = "lorafig-theme";

  // -- colours: set before anything is painted -----------------------------------------------------
  let theme = "auto";
  try {
    theme = localStorage.getItem(KEY) ?? "auto";
  } catch {
    // a browser that keeps nothing: colours are chosen for one page
  }
  const setTheme = (chosen) => {
    theme = chosen === "light" || chosen === "dark" ? chosen : "auto";
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const media = { auto: "screen and (prefers-color-scheme: dark)", light: "not all", dark: "screen" }[theme];
    for (const source of document.querySelectorAll("source[data-shade]")) source.media = media;
    // The interactive page has a chooser of its own, and takes what it is told by its address.
    for (const frame of document.querySelectorAll("iframe")) {
      frame.src = `${frame.getAttribute("src").split("#")[0]}#scheme=${theme}`;
    }
  };
  setTheme(theme);

  const colours = () => {
    setTheme(theme);
    root.dataset.ready = "";
    const chooser = document.querySelector(".themes");
    chooser.hidden = false;
    for (const input of chooser.querySelectorAll("input")) {
      input.checked = input.value === theme;
      input.addEventListener("change", () => {
        setTheme(input.value);
        try {
          localStorage.setItem(KEY, theme);
        } catch {
          // as above
        }
      });
    }
  };

  // -- the index -------------------------------------------------------------------------------------
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  // One letter is a symbol: it is looked for as a whole word, or 'r' would find everything.
  const SYMBOL = /^[\p{Script=Latin}\p{Script=Greek}\p{N}]$/u;
  const finds = (word, card) => (SYMBOL.test(word) ? card.words.has(word) : card.text.includes(word));

  const index = () => {
    const query = document.getElementById("query");
    if (query === null) return;
    const find = query.closest("search");
    const found = document.getElementById("found");
    const nothing = document.getElementById("nothing");
    const missed = document.getElementById("missed");
    const clear = [...document.querySelectorAll("[data-clear]")];
    const tags = [...document.querySelectorAll(".tag")];
    const cards = [...document.querySelectorAll(".card")].map((item) => {
      const text = fold(item.dataset.search);
      const words = new Set(text.split(/[^\p{L}\p{N}]+/u));
      return { item, text, words, tags: new Set(item.dataset.tags.split("\n")) };
    });
    const pressed = () => tags.filter((tag) => tag.getAttribute("aria-pressed") === "true");
    const counted = (number) => `${number} figure${number === 1 ? "" : "s"}`;

    const show = () => {
      const words = fold(query.value).split(/\s+/u).filter(Boolean);
      const chosen = pressed().map((tag) => tag.dataset.tag);
      let number = 0;
      for (const card of cards) {
        const fits = words.every((word) => finds(word, card)) && chosen.every((tag) => card.tags.has(tag));
        card.item.hidden = !fits;
        if (fits) number += 1;
      }
      const filtered = words.length > 0 || chosen.length > 0;
      const text = filtered ? `${number} of ${counted(cards.length)}` : counted(cards.length);
      if (found.textContent !== text) found.textContent = text;
      nothing.hidden = number > 0;
      const wanted = [];
      if (words.length > 0) wanted.push(`“${query.value.trim()}”`);
      if (chosen.length > 0) wanted.push(`the tag${chosen.length === 1 ? "" : "s"} ${chosen.join(", ")}`);
      missed.textContent = `No figure fits ${wanted.join(" with ")}.`;
      clear[0].hidden = !filtered || number === 0;
    };
    // What is looked for is in the address, so that it can be linked, and found again by going back.
    const write = () => {
      const state = new URLSearchParams();
      if (query.value.trim() !== "") state.set("q", query.value.trim());
      for (const tag of pressed()) state.append("tag", tag.dataset.tag);
      const hash = state.size > 0 ? `#${state}` : "";
      history.replaceState(null, "", location.pathname + location.search + hash);
    };
    const read = () => {
      const state = new URLSearchParams(location.hash.slice(1));
      query.value = state.get("q") ?? "";
      const chosen = new Set(state.getAll("tag"));
      for (const tag of tags) {
        tag.setAttribute("aria-pressed", String(chosen.has(tag.dataset.tag)));
        if (chosen.has(tag.dataset.tag) && tag.closest("details") !== null) tag.closest("details").open = true;
      }
      show();
    };
    const changed = () => {
      show();
      write();
    };
    query.addEventListener("input", changed);
    for (const tag of tags) {
      tag.addEventListener("click", () => {
        tag.setAttribute("aria-pressed", String(tag.getAttribute("aria-pressed") !== "true"));
        changed();
      });
    }
    for (const button of clear) {
      button.addEventListener("click", () => {
        query.value = "";
        for (const tag of tags) tag.setAttribute("aria-pressed", "false");
        changed();
        query.focus();
      });
    }
    window.addEventListener("hashchange", read);
    find.hidden = false;
    read();
  };

  // -- copying ---------------------------------------------------------------------------------------
  const write = async (source) => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      // no clipboard here (a page without https): select it, and use what browsers had before
      const selection = getSelection();
      selection.selectAllChildren(source);
      const copied = document.execCommand("copy");
      if (copied) selection.removeAllRanges();
      return copied;
    }
  };
  const copying = () => {
    const said = document.getElementById("copied");
    for (const button of document.querySelectorAll(".copy")) {
      const word = button.firstChild;
      const what = button.textContent.replace("Copy", "").trim();
      let timer = 0;
      button.addEventListener("click", async () => {
        const done = await write(document.getElementById(button.dataset.copy));
        word.data = done ? "Copied" : "Press Ctrl+C";
        said.textContent = done ? `Copied ${what}` : "Selected: press Ctrl+C to copy";
        button.toggleAttribute("data-done", done);
        clearTimeout(timer);
        timer = setTimeout(() => {
          word.data = "Copy";
          said.textContent = "";
          button.removeAttribute("data-done");
        }, 2000);
      });
      button.hidden = false;
    }
  };

  // -- zooming: a telephone shows a wide picture small -----------------------------------------------

  const zooming = () => {
    const button = document.querySelector(".zoom");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const near = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(near));
      const stage = document.getElementById("stage");
      stage.toggleAttribute("data-near", near);
      // What is larger than its frame can be moved by the keyboard too.
      if (near) stage.tabIndex = 0;
      else stage.removeAttribute("tabindex");
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    colours();
    index();
    copying();
    zooming();
  });
})();
