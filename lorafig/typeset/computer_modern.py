"""The dimensions of Computer Modern that the rules of TeX speak of, in em."""

AXIS, RULE = 0.25, 0.04
SUP_DISPLAY, SUP_TEXT, SUP_CRAMPED, SUB, SUB_WITH_SUP = 0.413, 0.363, 0.289, 0.15, 0.247
SUP_DROP, SUB_DROP, X_HEIGHT = 0.386, 0.05, 0.431
NUM_DISPLAY, NUM_TEXT, DENOM_DISPLAY, DENOM_TEXT = 0.677, 0.394, 0.686, 0.345
# Over and under a large operator: least gap to a limit, from its baseline, and beyond it (TeX's rule 13a).
OVER_OPERATOR, UNDER_OPERATOR, BEYOND_LIMIT = (0.111, 0.2), (0.167, 0.6), 0.1
OPERATOR_PAD = 0.1  # by which the box of a large operator in display style is higher and deeper than its ink
PRIME = 0.556  # height of cmsy's prime
SCRIPT_SPACE = 0.05  # \scriptspace, 0.5 pt at 10 pt
NULL_DELIMITER = 0.12  # \nulldelimiterspace, 1.2 pt
