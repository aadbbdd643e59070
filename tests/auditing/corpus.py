"""Documents with the verdict on each claim, written for the tests: half of them make none about the model.

In a document a line that ends in `<- holds` or the like makes that claim; all other lines make none. The
model is LoRA with r = 8 and alpha = 16 beside the queries and values of Llama 2 7B, which trains 4,194,304 of
6,742,609,920 parameters.
"""

from __future__ import annotations

CLAIMING = {
    "share.md": r"""
# Fine-tuning with LoRA
Only 0.06 % of the parameters are trained.              <- holds
This is 0.19% of the model's parameters.                <- fails
We train 4,194,304 parameters.                          <- holds
We train 4.2M parameters.                               <- holds
We train 41.9M parameters.                              <- fails
""",
    "roles.md": r"""
# LoRA
The base weights are frozen.                            <- holds
A and B are trained.                                    <- holds
The matrix A is frozen and B is trained.                <- fails
B starts at zero.                                       <- holds
A starts at zero.                                       <- fails
Merging adds no inference latency.                      <- holds
""",
    "formulas.md": r"""
# The method: LoRA
$h = W_0 x + \frac{\alpha}{r} BAx$                      <- holds
$h = W_0 x + \frac{\alpha}{r} ABx$                      <- ill-typed
$A \in \mathbb{R}^{r \times k}$                         <- holds
$B \in \mathbb{R}^{r \times d}$                         <- ill-typed
$r = 8$                                                 <- holds
$r = 16$                                                <- fails
$r \ll \min(d, k)$                                      <- holds
""",
    "paper.tex": r"""
\newcommand{\bA}{\mathbf{A}}
\newcommand{\real}[1]{\mathbb{R}^{#1}}
\section{Low-rank adaptation}
The rank is 8.                                          <- holds
We freeze $W$, with $\bA \in \real{r \times k}$.        <- holds
We freeze $W$, with $\bA \in \real{d \times r}$.        <- ill-typed
About 0.06\% of the parameters are trained.             <- holds
""",
    "printed.md": r"""
# PEFT
```text
trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622      <- holds
trainable params: 4,194,304 || all params: 6,738,415,616 || trainable%: 0.0622      <- fails
trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.622       <- fails
```
""",
    "sections.md": r"""
# Adapters for Llama 2 7B
The hidden dimension is 4096.                           <- holds
## GPT-3 175B
The hidden size is 12288.
## Llama 2 7B again
The hidden size is 4096.                                <- holds
The model has 7B parameters.                            <- holds
The model has 13B parameters.                           <- fails
""",
    "notes.rst": r"""
LoRA in practice
================

The rank is :math:`r = 8`.                              <- holds

.. math:: h = W_0 x + \frac{\alpha}{r} BAx

Only B is trained.                                      <- fails
""",
    "page.html": r"""
<h1>LoRA</h1>
<p>The base model is <b>frozen</b>.</p>                 <- holds
<p>We train 4.2M parameters, or 0.6 % of the model's parameters.</p>  <- fails
""",
    "plain.txt": r"""
LoRA fine-tuning notes

The scaling is 2.                                       <- holds

The scaling is 16.                                      <- fails
""",
    "mixed.md": r"""
# LoRA on GSM8K
We train for 3 epochs with a batch size of 64 on 8 A100 GPUs.
The learning rate is $\eta = 3 \cdot 10^{-4}$ and $\lambda = 0.1$.
It reaches 42.1 % accuracy on 1,319 problems.
We train 4,194,304 parameters.                          <- holds
BERT has 12 layers and 110M parameters.
With VeRA one trains 10 times fewer parameters.
""",
}
SILENT = {
    "matrices.md": r"""
# Singular values
Let $A$ be an $m \times n$ matrix of rank $r$, and $A = U \Sigma V^\top$. Then $r \le \min(m, n)$.
For $A \in \mathbb{R}^{3 \times 2}$ the rank is 2. The matrix $W$ is a $10 \times 20$ matrix.
""",
    "attention.tex": r"""
\section{Attention}
We use $h = 8$ heads, $d_k = 64$ and a dimension of 512. The model has 6 layers and 65M parameters.
$\mathrm{Attention}(Q, K, V) = \mathrm{softmax}(QK^\top/\sqrt{d_k})V$
""",
    "release.md": r"""
# 2.0
- 3x faster than 1.9, and 40 % less memory
- drops Python 3.8; needs NumPy 1.26
- fixes 17 bugs, among them #1234
""",
    "readme.md": r"""
# A parser
Install it with `pip install parser==1.2.3`. It has 1,200 stars, 64 contributors and no dependency.
The function `f` takes 2 arguments and returns 3 values. It is trained by nobody.
""",
    "economy.txt": "The rank of the firm fell to 8. It employs 4,096 people; 16 % of them are frozen out.",
    "vision.md": r"""
# A detector
The backbone is frozen and the head is trained with a learning rate of 0.01. It has 25.6M parameters.
""",
    "physics.rst": r"""
Waves
=====

With :math:`h = 6.626 \cdot 10^{-34}` and :math:`k = 2\pi/\lambda` the energy is :math:`E = h \nu`.
""",
    "survey.md": r"""
# Parameter-efficient fine-tuning
Houlsby adapters train 3.6 % of the parameters of BERT. Prefix tuning trains 0.1 %. GPT-3 has 96 layers.
Adapters were proposed in 2019 by Houlsby et al. See Figure 3, Table 2 and Section 4.1.
""",
    "serving.md": r"""
# Serving adapters
The server keeps 1,000 adapters on one GPU with 80 GB, at 35 requests a second. Restart it after 24 hours.
It listens on port 8080. Set `workers = 4`.
""",
    "advice.md": r"""
# LoRA, how to begin
Use r = 64 for best results. For example, with a rank of 4 fewer parameters are trained. Try $r = 2$ first.
If the rank is 16, raise alpha. You can set r = 32. bigscience/T0_3B (3B params) takes 9.8 GB.
4-bit inference is slow. For 7B only 80 % of the runs complete. Restart it after 24 hours.
| MNLI (m-Acc) | 87.6 | 86.9 ± .3 |
""",
    "page.html": r"<h1>Shop</h1><p>LoRA radios: 868 MHz, 14 dBm, SF7 to SF12, 5 km, $9.99</p>",
}
