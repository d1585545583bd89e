{#- Grade levels are OneRoster's codes, of CEDS; rosters also write K, 0 or 5 for KG, KG and 05. -#}
{% macro grade_code(sent) -%}
    {%- set code = 'upper(trim(' ~ sent ~ '))' -%}
    case
        when regexp_full_match({{ code }}, '0+|K|KG|KINDERGARTEN') then 'KG'
        when regexp_full_match({{ code }}, '0*([1-9]|1[0-3])')
            then lpad(ltrim({{ code }}, '0'), 2, '0')
        when {{ code }} in ('IT', 'PR', 'PK', 'TK', 'PS', 'UG') then {{ code }}
        when {{ code }} = 'OTHER' then 'Other'
        else nullif(trim({{ sent }}), '')
    end
{%- endmacro %}
