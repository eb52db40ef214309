"""The pages of the site: one module and one template for each page, a row in ``app.ROUTES`` for each address."""
