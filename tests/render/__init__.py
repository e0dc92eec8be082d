"""How a report looks, in every form."""
