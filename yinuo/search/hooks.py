"""What search plugs into the rooms below."""

from yinuo.kit import plugs
from yinuo.search import actions

plugs.events.plug(
    "kit.rescoped/search", actions.rescope, zh="保密范围变更：更新索引", en="Scope changed: index rows follow"
)
