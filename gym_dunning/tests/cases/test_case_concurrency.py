"""Two debt managers take the same item at the same moment, with real commits."""

from ..base.common_committed import CommittedGymCase


class TestCaseConcurrency(CommittedGymCase):
    """A real server and two browsers."""

    def _prepare_dialog(self, browser, member):
        """Open a case of the member and its dialog; return case and dialog."""
        [case] = browser.call("gym.collection.case", "create", [{"partner_id": member}])
        [wizard] = browser.call("gym.case.item.add", "create", [{"case_id": case}])
        return case, wizard

    def _confirm(self, browser, dialog):
        return lambda: browser.call("gym.case.item.add", "action_confirm", [dialog])

    def test_two_people_take_one_item(self):
        """G-49, G-54: one case gets the item, the other person a clear sentence."""
        members = self._create_late_members(5, "Wanted")
        self._start_server()
        anna, bert = self._browser("anna"), self._browser("bert")
        for member in members:
            case_a, dialog_a = self._prepare_dialog(anna, member)
            case_b, dialog_b = self._prepare_dialog(bert, member)
            answers = self._at_once(
                self._confirm(anna, dialog_a), self._confirm(bert, dialog_b)
            )
            refusals = self._refusals(answers)
            self.assertEqual(len(refusals), 1, answers)
            self.assertRegex(str(refusals[0]), "case")
            self.assertNotRegex(str(refusals[0]), "(?i)lock|serialize|constraint")
            items = self.database.sql(
                "SELECT case_id FROM gym_collection_case_item WHERE case_id IN (%s, %s)",
                case_a,
                case_b,
            )
            holds = self.database.sql(
                """SELECT hold.res_id FROM gym_dunning_hold hold
                     JOIN account_move_line line ON line.id = hold.move_line_id
                    WHERE line.partner_id = %s AND hold.active""",
                member,
            )
            self.assertEqual(len(items), 1)
            self.assertEqual(items, holds)
