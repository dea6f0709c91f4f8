"""The city's funds: their charters, their money, their deals."""
