"""How the shipped model is made from labelled comments; nothing here is needed to score (requirements-train.txt)."""
