{# One row per item of the relation `responses`, with the difficulty and discrimination that these
   responses give it. The whole of an attempt must be among them. Also asked by the read API. #}
{% macro item_statistics(responses) %}
    select
        item_ref,
        arg_max(item_title, (answered_at, response_id))
            filter (where item_title is not null) as item_title,
        client_id,
        course_id,
        lesson_id,
        count(*) as response_count,
        avg(correct) as difficulty,
        case
            when
                count(distinct correct) filter (where rest_count > 0) > 1
                and count(distinct rest_correct / rest_count) filter (
                    where is_scored and rest_count > 0
                ) > 1
                then corr(correct, rest_correct / rest_count order by response_id)
                    filter (where rest_count > 0)
        end as discrimination
    from (
        select
            response_id, answered_at, item_ref, item_title, client_id, course_id, lesson_id, is_scored,
            is_correct::integer as correct,
            sum(is_correct::integer) over attempt - is_correct::integer as rest_correct,
            count(is_correct) over attempt - 1 as rest_count
        from {{ responses }}
        window attempt as (partition by student_id, client_id, lesson_id, attempt_key)
    )
    where item_ref is not null
    group by item_ref, client_id, course_id, lesson_id
{% endmacro %}
