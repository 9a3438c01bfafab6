"""The permission to read the reports, `reports.view`."""

from calls.models import Call


class Report(Call):
    """Has no table and no rows of its own: Django hangs every permission on a model, and this is it.

    Give `reports.view` to a user or a group in the admin; it needs neither staff status nor a right to the
    tables behind the reports. A proxy, not an unmanaged model, because `dumpdata` reads unmanaged ones.
    """

    class Meta:
        proxy = True
        default_permissions = ()
        permissions = (("view", "Can read the reports"),)
