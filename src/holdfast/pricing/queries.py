"""Reading what decides prices, as part of a service's document (catalog.queries.document_with)."""

# Of the tariff in force, and only what the chosen service meets: a plain booking reads nothing more than it did.
TERMS = """
    'pricing', json_build_object(
        'tariff', (SELECT to_json(t) FROM pricing_tariff t WHERE t.in_force),
        'rules', (SELECT coalesce(json_agg(to_jsonb(r) || jsonb_build_object('percent', r.percent::text,
                'zone_prices', (SELECT json_agg(json_build_array(z.origin_id, z.destination_id, z.amount))
                    FROM pricing_zoneprice z WHERE z.rule_id = r.id)) ORDER BY r.position, r.id), '[]')
            FROM pricing_tariffrule r JOIN pricing_tariff t ON t.id = r.tariff_id AND t.in_force
            WHERE r.is_active AND (r.service_id IS NULL OR r.service_id = (SELECT id FROM chosen))),
        'taxes', (SELECT coalesce(json_agg(json_build_object('id', x.id, 'name', x.name, 'percent', x.percent::text,
            'own', x.service_id IS NOT NULL, 'class', x.tax_class, 'valid_from', x.valid_from,
            'valid_until', x.valid_until) ORDER BY x.id), '[]') FROM pricing_taxrate x
            WHERE x.service_id IS NULL OR x.service_id = (SELECT id FROM chosen)),
        'promotions', (SELECT coalesce(json_agg(to_jsonb(p) || jsonb_build_object('percent', p.percent::text,
                'extra_name', e.name, 'elsewhere', m.here IS FALSE) ORDER BY p.position, p.id), '[]')
            FROM pricing_promotion p LEFT JOIN catalog_extra e ON e.id = p.extra_id LEFT JOIN LATERAL (
                SELECT bool_or(m.service_id = (SELECT id FROM chosen)) AS here
                FROM pricing_promotionservice m WHERE m.promotion_id = p.id) m ON true
            WHERE p.is_active AND (p.code <> '' OR m.here IS NOT FALSE)),
        'options', (SELECT coalesce(json_agg(to_jsonb(o) || jsonb_build_object('fee_percent', o.fee_percent::text)
            ORDER BY o.position, o.id), '[]') FROM pricing_paymentoption o WHERE o.is_active),
        'deposit', (SELECT to_jsonb(d) || jsonb_build_object('percent', d.percent::text) FROM pricing_deposit d
            WHERE d.service_id IS NULL OR d.service_id = (SELECT id FROM chosen) ORDER BY d.service_id LIMIT 1),
        'tips', (SELECT to_json(t) FROM pricing_tipchoices t),
        'policy', (SELECT json_build_object('percent', p.percent::text, 'amount', p.amount,
                'steps', (SELECT coalesce(json_agg(json_build_object('within', s.within, 'percent', s.percent::text,
                    'amount', s.amount) ORDER BY s.within), '[]')
                    FROM pricing_cancellationstep s WHERE s.policy_id = p.id))
            FROM pricing_cancellationpolicy p
            WHERE p.service_id IS NULL OR p.service_id = (SELECT id FROM chosen) ORDER BY p.service_id LIMIT 1)
    )
"""
# Of a service that asks where: the places that can be chosen, the zones and the distances; null for all others.
GEOGRAPHY = """
    'geography', CASE WHEN (SELECT asks_places FROM chosen) <> 'none' THEN json_build_object(
        'places', (SELECT coalesce(json_agg(json_build_object('id', n.id, 'slug', n.slug, 'name', n.name,
            'latitude', n.latitude::text, 'longitude', n.longitude::text) ORDER BY n.position, n.slug), '[]')
            FROM catalog_namedplace n WHERE n.is_active),
        'zones', (SELECT coalesce(json_agg(json_build_object('id', z.id, 'name', z.name, 'area', z.area)
            ORDER BY z.position, z.id), '[]') FROM pricing_zone z),
        'distances', (SELECT coalesce(json_agg(json_build_array(d.origin_id, d.destination_id, d.metres)
            ORDER BY d.id), '[]') FROM pricing_knowndistance d)
    ) END
"""
