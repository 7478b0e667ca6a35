"""What the organisation plugs into the rooms below."""

from yinuo.kit import plugs
from yinuo.org.definition import Permission

plugs.menu.plug(
    "org", lambda _person: 0, zh="组织机构", en="Organisation", permission=Permission.ORG_SEE, icon="sitemap",
    url="org:structure", order=90,
)  # fmt: skip
