{#- A name-based UUID (RFC 9562 section 5.5): SHA-1 over the namespace's 16 bytes and the name's
    UTF-8, the first 128 bits of it, with version 5 and the standard's variant set.
    `name` is a varchar expression; the result is a varchar in the canonical form. -#}
{%- macro uuid5(name, namespace=var('uuid_namespace')) -%}
{%- set digest -%}
sha1(from_hex('{{ namespace | replace("-", "") }}') || encode({{ name }}))
{%- endset -%}
regexp_replace(
    substr({{ digest }}, 1, 12)
    || '5' || substr({{ digest }}, 14, 3)
    || substr('89ab', 1 + ((('0x' || substr({{ digest }}, 17, 1))::integer) & 3), 1)
    || substr({{ digest }}, 18, 15),
    '(.{8})(.{4})(.{4})(.{4})(.{12})',
    '\1-\2-\3-\4-\5'
)
{%- endmacro -%}
