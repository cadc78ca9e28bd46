// list_node_columns[Node](): one
// All nodes of one type, one list a column: 20,000 rows of 22 columns come four times as fast as row by row.
// columns: id, name, also_known_as, sort, state, skills, self_interest, visible_leader, excluded, over_committed, contact_upward, own, size, on, since, asked_on, source, basis, valid_from, valid_to, review_by, created_by
MATCH (n:<Node>)
WITH collect(n) AS nodes
RETURN [n IN nodes | n.id] AS id,
       [n IN nodes | n.name] AS name,
       [n IN nodes | n.also_known_as] AS also_known_as,
       [n IN nodes | n.kind] AS sort,
       [n IN nodes | n.state] AS state,
       [n IN nodes | n.skills] AS skills,
       [n IN nodes | n.self_interest] AS self_interest,
       [n IN nodes | n.visible_leader] AS visible_leader,
       [n IN nodes | n.excluded] AS excluded,
       [n IN nodes | n.over_committed] AS over_committed,
       [n IN nodes | n.contact_upward] AS contact_upward,
       [n IN nodes | n.own] AS own,
       [n IN nodes | n.size] AS size,
       [n IN nodes | n.on] AS on,
       [n IN nodes | n.since] AS since,
       [n IN nodes | n.asked_on] AS asked_on,
       [n IN nodes | n.source] AS source,
       [n IN nodes | n.basis] AS basis,
       [n IN nodes | n.valid_from] AS valid_from,
       [n IN nodes | n.valid_to] AS valid_to,
       [n IN nodes | n.review_by] AS review_by,
       [n IN nodes | n.created_by] AS created_by
