# ruff: noqa: E501
"""Charts for every construct in Mermaid's manual of flowcharts, chapter by chapter, and the seeds' own."""

from __future__ import annotations

# The chart of seeds/002 (MIT; its words are those of a pipeline that trains and merges LoRA).
SEED = """%%{init: {"theme": "base", "themeVariables": {"background": "#ffffff", "primaryColor": "#fdf4ff", "primaryBorderColor": "#d946ef", "primaryTextColor": "#0f172a", "lineColor": "#64748b"}}}%%
flowchart TB
    L1["预训练模型<br>冻结原始权重"] --> L2["apply_lora_to_model()<br>替换 q/k/v/output proj"]
    L2 --> L3["LoRALinear<br>W(x) + scale · B(A(x))"]
    L3 --> L4["仅训练 A/B 矩阵"]
    L4 --> L5["保存 adaptor state_dict"]
    L5 --> L6["训练态:独立 adaptor"]
    L5 --> L7["推理态:merge_lora()"]

    classDef lora fill:#fdf4ff,stroke:#d946ef,color:#0f172a;
    classDef out fill:#f0fdf4,stroke:#22c55e,color:#0f172a;
    class L1,L2,L3,L4,L5 lora;
    class L6,L7 out;
"""

CHARTS: dict[str, str] = {
    "a node": "flowchart LR\n    weights",
    "a title": "---\ntitle: Low rank\n---\nflowchart LR\n    W",
    "a title in quotes": '---\ntitle: "r < d & more"\nconfig:\n  theme: dark\n---\nflowchart LR\n    W',
    "indented front matter": "  ---\n  title: Low rank\n  ---\n  flowchart LR\n    W",
    "a graph": "graph TD;\n  W-->h;\n  A-->B;",
    "words": "flowchart LR\n    W[the pretrained weights]",
    "words given twice": "flowchart LR\n    W[first]\n    W[last] --> x\n    W",
    "unicode": 'flowchart LR\n    模型["预训练 ❤ моделі"] --> größe[é]',
    "markdown": 'flowchart LR\n  a["`A **bold** and an _italic_ word`"] --> b("`two\n   lines`")',
    "directions": "flowchart RL\n  a --> b",
    "bottom up": "flowchart BT\n  a --> b",
    "arrow directions": "graph >\n  a --> b",
    "no direction": "flowchart\n  a --> b",
    "round": "flowchart LR\n  a(round edges)",
    "stadium": "flowchart LR\n  a([stadium])",
    "subroutine": "flowchart LR\n  a[[subroutine]]",
    "cylinder": "flowchart LR\n  a[(weights)]",
    "circle": "flowchart LR\n  a((+))",
    "double circle": "flowchart LR\n  a(((stop)))",
    "ellipse": "flowchart LR\n  a(-an ellipse-)",
    "flag": "flowchart LR\n  a>odd]",
    "rhombus": "flowchart LR\n  a{enough?}",
    "hexagon": "flowchart LR\n  a{{prepare}}",
    "parallelograms": "flowchart TD\n  a[/in/]\n  b[\\out\\]",
    "trapezoids": "flowchart TD\n  a[/wide below\\]\n  b[\\wide above/]",
    "properties": "flowchart TD\n  a[|borders:lt|some sides]",
    "every bracket with quotes": 'flowchart LR\n a["(a)"]-->b("[b]")-->c(["c)"])-->d[["d|"]]-->e[("{e}")]-->f(("f"))-->g{"g]"}-->h{{"h"}}-->i[/"i/"/]-->j[\\"j"\\]-->k((("k")))-->l>"l"]',
    "shape data": 'flowchart TD\n  a@{ shape: rounded, label: "words, with a comma" }\n  b@{shape: diam}\n  c@{ label: c, shape: st-rect }',
    "shape data over lines": 'flowchart TD\n  a@{\n    shape: stadium\n    label: "two\n    lines"\n  } --> b',
    "shape data and words": "flowchart TD\n  a[words]@{ shape: circle } --> b@{ shape: cyl } & c",
    "an icon and an image": 'flowchart TD\n  a@{ icon: "fa:user", form: "square", label: "Reader", pos: "t", h: 60 }\n  b@{ img: "https://example.com/a.png", label: "b", w: 60 }',
    "links": "flowchart LR\n  a-->b\n  b --- c\n  c-.->d; d -.- e\n  e==>f; f === g\n  g ~~~ h",
    "words on links": 'flowchart LR\n  a-- gradient! ---b\n  b---|gradient|c\n  c-->|two words|d\n  d-- text -->e\n  e-. text .->f\n  f == text ==> g\n  g -. "quoted (text)" .- h\n  h -- "`mark **down**`" --> i',
    "chains": "flowchart LR\n  a -- text --> b -- more --> c\n  a --> b & c--> d\n  a & b--> c & d",
    "edges with names": "flowchart LR\n  a e1@--> b\n  b e2@==>|text| c & d\n  e1@{ animate: true }\n  classDef fast stroke-dasharray: 9\\,5,stroke-dashoffset: 900\n  class e2 fast",
    "other heads": "flowchart LR\n  a --o b\n  b --x c\n  c o--o d\n  d <--> e\n  e x--x f\n  f <-- text --> g\n  g o-. text .-o h\n  h x== text ==x i\n  i <-.-> j <==> k",
    "heads at a start alone": "flowchart LR\n  a <--- b\n  b x--- c\n  c o--- d",
    "letters that look like heads": "flowchart LR\n  x --> o\n  a---oval\n  b --- xylophone\n  foo-->ox--xo",
    "longer links": "flowchart TD\n  a ---> b\n  b -- no ----> c\n  c -..-> d\n  d ===> e\n  e -. text ..-> f\n  f == text ====> g\n  g --------------------> h",
    "links over lines": "flowchart TD\n  a\n    --> b\n    -->\n    c --> d",
    "no blanks": "flowchart TD\n  a-->b-.->c==>d---e--oe-->|t|f",
    "entities": 'flowchart LR\n  a["A quote: #quot;, a heart: #9829;, &amp; more #35;"] --> b[#lt;b#gt;]',
    "line breaks": 'flowchart LR\n  a["one<br>two<br/>three<br />four\nfive"]',
    "formulas": 'flowchart LR\n  a["$$\\frac{\\alpha}{r} BA$$"] -- "$$x$$" --> b["h = Wx + BAx"]',
    "subgraphs": "flowchart TB\n  c1-->a2\n  subgraph one\n  a1-->a2\n  end\n  subgraph two\n  b1-->b2\n  end\n  subgraph three\n  c1-->c2\n  end\n  one --> two\n  two --> c2",
    "titles of subgraphs": 'flowchart TB\n subgraph g1 [In brackets]\n a\n end\n subgraph "In quotes"\n b\n end\n subgraph without any\n c\n end\n subgraph g4["`**bold**`"]\n d\n end\n subgraph g-5\n e\n end',
    "subgraphs within": "flowchart LR\n  subgraph top\n    direction TB\n    subgraph left\n      direction RL\n      i1 -->f1\n    end\n    subgraph right\n      direction BT\n      i2 -->f2\n    end\n  end\n  a --> top --> b\n  left --> right",
    "a node in two subgraphs": "flowchart LR\n subgraph one\n  a --> b\n end\n subgraph two\n  b --> c\n  one\n end",
    "a subgraph twice": "flowchart LR\n subgraph one\n  a\n end\n subgraph one\n  b\n end",
    "an empty subgraph": "flowchart LR\n subgraph one\n end\n a --> b",
    "subgraphs in one line": "flowchart LR; subgraph one; a-->b; end; c-->a",
    "clicks": 'flowchart LR\n  a-->b\n  click a callback "A tip"\n  click b "https://example.com" "A tip" _blank\n  click a call callback()\n  click b href "https://example.com"',
    "accessibility": "flowchart LR\n  accTitle: What it is\n  accDescr: What it shows: a; b\n  a-->b",
    "a long description": "flowchart LR\n  accDescr {\n    What it shows,\n    on two lines\n  }\n  a-->b",
    "comments": "%% before\nflowchart LR\n%% this is a comment a -- text --> b{node}\n   a --> b\n   %% indented\n\n  %% after",
    "a directive": '%%{init: {"flowchart": {"curve": "stepBefore"}} }%%\nflowchart LR\n  a --> b %%{init: {"theme": "dark"}}%%',
    "styles": "flowchart LR\n  a(Start)-->b(Stop)\n  style a fill:#f9f,stroke:#333,stroke-width:4px\n  style b fill:#bbf,stroke:#f66,stroke-width:2px,color:#fff,stroke-dasharray: 5 5",
    "classes": "flowchart LR\n  a:::foo & b:::bar --> c:::foobar\n  classDef foo stroke:#f00\n  classDef bar,foobar stroke:#0f0,fill:white;\n  class a,b bar;\n  class c foo",
    "the class of all": "flowchart LR\n  a --> b:::own\n  classDef default fill:#f9f\n  classDef own color:rebeccapurple",
    "classes of subgraphs": "flowchart LR\n  subgraph g\n  a\n  end\n  classDef c fill:#eee\n  class g c\n  style g stroke:#123456",
    "styles of links": "flowchart LR\n  a-->b-->c-->d\n  linkStyle 1 stroke:#ff3,stroke-width:4px,color:red;\n  linkStyle 0,2 color:blue;\n  linkStyle default stroke:gray",
    "curves of links": "flowchart LR\n  a-->b\n  linkStyle 0 interpolate basis stroke:#f00\n  linkStyle default interpolate linear",
    "html": 'flowchart LR\n  a["A<span>B</span> <b>bold</b> <i>it</i>"] --> b["x < y"]',
    "icons": 'flowchart TD\n  a["fa:fa-lock frozen"]\n  a-->b[fa:fa-fire]\n  a-->c(what fab:fa-github is)',
    "semicolons": "graph LR; a-->b; b-->c;c-->d",
    "blanks": "\n\n  flowchart   TD  \n\n\n a   -->   b  \n\t c-->d\t\n",
    "names": "flowchart TD\n  a-b --> c_d\n  a.b --> a/b\n  1 --> 2nd\n  a:b --> default\n  _x --> a*b\n  v --> vv",
    "carriage returns": "flowchart TD\r\n  a --> b\r\n  b --> c\r\n",
}
