"""How late a step reaches an open page, and what fifty runners and twenty pages cost a hub."""
