"""The finders behind ``bot.gateway.privacy``: folding, long numbers, codes and passwords."""
