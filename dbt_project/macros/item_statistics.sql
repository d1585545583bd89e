{# What the answers in the relation `responses` add up to, one row per item and number of other
   answers in the attempt: whole numbers, so that they can be added to and taken from without error.
   The whole of an attempt must be among them. Also asked by the read API. #}
{% macro item_sums(responses) %}
    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        rest_count,
        count(*) as response_count,
        count(correct) as scored_count,
        coalesce(sum(correct), 0)::bigint as correct_count,
        coalesce(sum(rest_correct), 0)::bigint as rest_sum,
        coalesce(sum(rest_correct * rest_correct), 0)::bigint as rest_square_sum,
        coalesce(sum(correct * rest_correct), 0)::bigint as correct_rest_sum
    from (
        select
            item_ref, client_id, course_id, lesson_id,
            is_correct::integer as correct,
            sum(is_correct::integer) over attempt - is_correct::integer as rest_correct,
            if(is_correct is null, 0, count(is_correct) over attempt - 1) as rest_count
        from {{ responses }}
        window attempt as (partition by student_id, client_id, lesson_id, attempt_key, assessed_ref)
    )
    where item_ref is not null
    group by item_ref, client_id, course_id, lesson_id, rest_count
{% endmacro %}

{# How hard each item is (the share that is right) and how well it tells students apart (Pearson's
   correlation of its answers with the share that is right of the rest of the attempt), from what
   item_sums counted. #}
{% macro item_figures(sums) %}
    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        response_count,
        correct_count / nullif(scored_count, 0) as difficulty,
        case
            when 0 < paired_correct and paired_correct < paired_count and has_various_rests
                then round(
                    (paired_count * products - paired_correct * rests)
                    / sqrt(
                        (paired_count * paired_correct - paired_correct * paired_correct)
                        * (paired_count * rest_squares - rests * rests)
                    ),
                    12
                )
        end as discrimination
    from (
        select
            item_ref, client_id, course_id, lesson_id,
            sum(response_count)::bigint as response_count,
            sum(scored_count)::bigint as scored_count,
            sum(correct_count)::bigint as correct_count,
            (sum(scored_count) filter (where rest_count > 0))::double as paired_count,
            (sum(correct_count) filter (where rest_count > 0))::double as paired_correct,
            sum(rest_sum / rest_count order by rest_count)
                filter (where rest_count > 0) as rests,
            sum(rest_square_sum / (rest_count * rest_count) order by rest_count)
                filter (where rest_count > 0) as rest_squares,
            sum(correct_rest_sum / rest_count order by rest_count)
                filter (where rest_count > 0) as products,
            coalesce(
                bool_or(scored_count * rest_square_sum <> rest_sum * rest_sum)
                    filter (where rest_count > 0)
                or min(rest_sum / (scored_count * rest_count)) filter (where rest_count > 0)
                <> max(rest_sum / (scored_count * rest_count)) filter (where rest_count > 0),
                false
            ) as has_various_rests
        from {{ sums }}
        group by item_ref, client_id, course_id, lesson_id
    )
{% endmacro %}

{# What each item is called: what its newest answer with a name calls it. #}
{% macro item_titles(responses) %}
    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        arg_max(item_title, (answered_at, response_id)) as item_title
    from {{ responses }}
    where item_ref is not null and item_title is not null
    group by item_ref, client_id, course_id, lesson_id
{% endmacro %}
