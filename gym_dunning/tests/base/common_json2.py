"""Other systems call methods through JSON-2, with a key of their own."""


class Json2Common:
    """`key` is the system's; mixed into an `HttpCase`."""

    def _call(self, model, method, key=None, **arguments):
        return self.url_open(
            f"/json/2/{model}/{method}",
            json=arguments,
            headers={"Authorization": f"bearer {key or self.key}"},
        )

    def _assert_reads_nothing(self):
        """Neither contacts nor invoices nor any table of the module can be read."""
        models = self.env["ir.model"].search([("model", "=like", "gym.%")])
        names = models.filtered(lambda model: not model.abstract).mapped("model")
        for name in ["res.partner", "account.move", *names]:
            with self.subTest(model=name):
                response = self._call(
                    name, "search_read", domain=[], fields=["display_name"]
                )
                self.assertEqual(response.status_code, 403, response.text)
