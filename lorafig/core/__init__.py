"""The NumPy LoRA core: adapters, their counts and their training. It knows nothing of figures."""
