{#- Bayesian knowledge tracing (Corbett and Anderson 1995): the chance that the skill is known after
    one more answer, by Bayes' rule on the answer and then the chance of having learned from it.
    `known` is the chance before it, `correct` 1.0 or 0.0. -#}
{%- macro known_after(known, correct) -%}
{%- set slip = var('known_slip') -%}
{%- set guess = var('known_guess') -%}
{%- set after -%}
case
    when {{ correct }} > 0.5
        then
            {{ known }} * (1 - {{ slip }})
            / ({{ known }} * (1 - {{ slip }}) + (1 - {{ known }}) * {{ guess }})
    else
        {{ known }} * {{ slip }}
        / ({{ known }} * {{ slip }} + (1 - {{ known }}) * (1 - {{ guess }}))
end
{%- endset -%}
{{ after }} + (1 - ({{ after }})) * {{ var('known_learned') }}
{%- endmacro -%}
