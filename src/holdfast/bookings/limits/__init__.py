"""How much a day, a team, a service or a customer takes: what is left, and who may go beyond it."""
