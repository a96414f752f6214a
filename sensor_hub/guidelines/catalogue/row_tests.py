"""Which tests stand for which row of the source texts; written by ``make rules-page``, never by hand."""

from typing import Final

# fmt: off

ROW_TESTS: Final[dict[str, tuple[str, ...]]] = {
    "A01": (
        "guidelines/test_load_rules.py::test_distance_speed_runs_and_climbing_are_told_apart_week_on_week",
        "guidelines/test_load_rules.py::test_the_ten_percent_rules_alert_under_the_strict_policy_only",
    ),
    "A02": (
        "guidelines/test_load_rules.py::test_a_week_with_a_day_not_recorded_is_no_reference_of_climbing_speed_or_runs",
        "guidelines/test_load_rules.py::test_distance_speed_runs_and_climbing_are_told_apart_week_on_week",
        "guidelines/test_load_rules.py::test_the_ten_percent_rules_alert_under_the_strict_policy_only",
    ),
    "A03": (
        "guidelines/test_load_rules.py::"
        "test_a_gap_below_the_runners_own_least_rest_is_told_and_without_one_nothing_is",
        "guidelines/test_load_rules.py::"
        "test_a_gap_without_answer_and_a_day_not_recorded_make_new_exposure_too_close_to_call",
        "guidelines/test_load_rules.py::test_a_run_without_altitude_or_speed_is_neither_flat_nor_easy_but_unknown",
        "guidelines/test_load_rules.py::"
        "test_an_uphill_run_after_another_within_four_weeks_is_not_new_and_after_five_it_is",
        "guidelines/test_load_rules.py::"
        "test_of_a_run_that_was_recorded_in_part_it_is_not_known_that_it_was_flat_or_easy",
        "guidelines/test_load_rules.py::"
        "test_the_first_fast_run_of_four_weeks_alerts_from_115_percent_of_the_easy_speed_on",
        "guidelines/test_load_rules.py::test_the_first_metres_uphill_of_a_run_that_goes_on_are_no_hill_run",
        "guidelines/test_load_rules.py::test_the_first_uphill_run_of_four_weeks_alerts",
        "guidelines/test_load_rules.py::"
        "test_uphill_right_after_weeks_of_rest_is_new_and_after_weeks_nobody_answered_for_it_may_be",
        "test_words_load_rules.py::"
        "test_runs_of_which_nobody_knows_whether_they_were_uphill_or_fast_are_said_to_be_unknown",
    ),
    "A04": (
        "guidelines/shoes/test_shoe_notices.py::test_a_pair_is_warned_of_at_483_km_and_critical_at_805",
        "guidelines/shoes/test_shoe_notices.py::"
        "test_a_pair_that_somebody_finds_worn_is_critical_until_that_is_taken_back",
        "guidelines/shoes/test_shoe_notices.py::"
        "test_runs_of_unknown_distance_make_it_at_least_and_what_may_be_above_is_unknown",
        "guidelines/shoes/test_shoe_notices.py::"
        "test_what_was_walked_in_a_pair_or_run_longer_than_a_year_ago_is_at_least",
        "guidelines/test_row_edges.py::test_a_pair_called_worn_says_nothing_of_another",
    ),
    "A05": (
        "guidelines/pain/test_notices.py::test_each_sign_of_an_emergency_is_one_until_said_to_be_gone",
        "guidelines/plans/test_how_locks_end.py::"
        "test_a_red_flag_of_both_sides_is_gone_when_each_side_was_said_to_be_well",
        "guidelines/plans/test_how_locks_end.py::test_a_red_flag_that_is_said_again_stands_again",
        "guidelines/test_row_edges.py::test_every_sign_of_an_emergency_locks_every_plan_and_lets_none_begin",
    ),
    "A06": (
        "guidelines/pain/test_how_it_ends.py::test_a_little_pain_said_now_and_then_and_long_ago_does_not_hold_running",
        "guidelines/pain/test_how_it_ends.py::"
        "test_no_other_sport_is_offered_in_place_of_seeing_somebody_for_severe_pain",
        "guidelines/pain/test_how_it_ends.py::test_saying_that_it_has_recovered_ends_pain_of_more_than_two_weeks",
        "guidelines/pain/test_how_it_ends.py::test_severe_pain_of_more_than_half_a_year_ago_is_past",
        "guidelines/pain/test_how_it_ends.py::"
        "test_severe_pain_that_was_over_does_not_come_back_with_a_little_pain_later",
        "guidelines/pain/test_notices.py::"
        "test_a_day_said_to_be_without_pain_starts_the_count_anew_and_so_does_a_clinician",
        "guidelines/pain/test_notices.py::test_a_missed_day_neither_counts_nor_starts_anew",
        "guidelines/pain/test_notices.py::test_fifteen_days_with_pain_are_referred_and_fourteen_are_not",
        "guidelines/pain/test_notices.py::test_severe_pain_is_referred_until_three_days_are_said_without",
        "guidelines/plans/test_how_locks_end.py::"
        "test_pain_of_more_than_two_weeks_holds_the_stage_on_the_days_it_stood",
        "guidelines/plans/test_how_locks_end.py::"
        "test_severe_pain_locks_exercise_until_it_was_looked_at_and_pain_of_two_weeks_does_not",
    ),
    "A07": (
        "guidelines/pain/test_notices.py::test_mild_pain_that_settles_is_run_with_less_and_easy",
        "guidelines/pain/test_notices.py::test_pain_that_rises_twice_while_the_runs_get_smaller_is_referred",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
    ),
    "A08": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_full_intensity_is_locked_from_a_spell_of_trouble_until_a_clinicians_word",
        "guidelines/plans/test_how_locks_end.py::"
        "test_full_intensity_stays_locked_in_trouble_that_goes_on_for_more_than_a_year",
        "guidelines/plans/test_return_to_running.py::"
        "test_fast_running_stays_locked_until_a_physician_or_physiotherapist_gives_their_word",
    ),
    "A09": (
        "guidelines/person/test_person_notices.py::"
        "test_runs_at_weekends_only_for_four_weeks_are_noted_and_one_in_the_week_ends_it",
        "guidelines/person/test_person_notices.py::test_trouble_within_a_year_is_noted",
        "guidelines/person/test_person_notices.py::"
        "test_who_runs_for_less_than_a_year_is_new_and_who_has_not_said_is_unknown",
    ),
    "A10": (
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_word_said_while_the_antibiotic_is_taken_does_not_end_what_it_means",
        "guidelines/person/test_person_notices.py::test_after_a_fluoroquinolone_the_prescriber_comes_first",
        "guidelines/person/test_person_notices.py::test_conditions_that_weaken_tendons_are_each_noted",
        "guidelines/person/test_person_notices.py::test_only_a_physicians_word_after_the_last_day_ends_that",
        "guidelines/plans/test_how_locks_end.py::test_a_physiotherapist_does_not_end_what_an_antibiotic_means",
        "guidelines/plans/test_how_locks_end.py::"
        "test_an_antibiotic_in_mid_plan_holds_the_stage_until_the_physicians_word_also_when_looked_at_later",
        "guidelines/test_row_edges.py::"
        "test_a_fluoroquinolone_locks_every_plan_of_exercise_and_an_anti_inflammatory_none",
    ),
    "A11": (
        "guidelines/person/test_person_notices.py::test_from_forty_on_age_is_noted_and_nothing_is_multiplied",
    ),
    "A12": (
        "guidelines/plans/test_exercise_rules.py::test_after_eight_weeks_without_improvement_the_plan_is_looked_at",
        "guidelines/plans/test_exercise_rules.py::"
        "test_eight_weeks_of_which_nobody_said_anything_are_unknown_and_not_better",
    ),
    "A13": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_a_stretch_is_offered_only_free_of_pain_and_never_at_a_painful_insertion",
        "guidelines/plans/test_exercise_rules.py::test_round_a_run_warmth_comes_before_moving_and_ice_comes_last",
    ),
    "A14": (
        "guidelines/test_refused.py::test_rest_and_ice_alone_in_a_spell_of_trouble_are_said_to_be_no_plan",
        "test_words_advice.py::test_the_first_days_are_comfort_and_no_plan",
    ),
    "A15": (
        "guidelines/person/test_person_notices.py::test_anti_inflammatories_are_for_a_few_days",
    ),
    "A16": (
        "app/test_guiding.py::test_an_orthotic_or_heel_lift_is_logged_with_its_days_and_changes_no_load",
        "guidelines/shoes/test_shoe_notices.py::test_an_insert_is_shown_while_it_is_worn",
    ),
    "A17": (
        "test_words_advice.py::test_ice_is_a_quarter_of_an_hour_with_a_cloth_and_for_comfort",
    ),
    "A18": (
        "guidelines/pain/test_how_it_ends.py::"
        "test_no_other_sport_is_offered_in_place_of_seeing_somebody_for_severe_pain",
        "guidelines/pain/test_words.py::test_a_verdict_without_running_offers_other_sports_and_an_emergency_does_not",
        "guidelines/test_verdict.py::"
        "test_where_running_ends_cycling_swimming_and_rowing_are_offered_but_in_an_emergency_nothing_is",
    ),
    "A19": (
        "guidelines/pain/test_notices.py::test_pain_in_the_morning_and_after_running_is_one_symptom",
    ),
    "A20": (
        "guidelines/pain/test_notices.py::test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone",
        "guidelines/pain/test_notices.py::test_a_weak_push_off_is_no_emergency",
    ),
    "A21": (
        "guidelines/pain/test_notices.py::test_each_sign_of_an_emergency_is_one_until_said_to_be_gone",
        "guidelines/pain/test_words.py::test_the_text_of_an_emergency_names_imaging",
    ),
    "A22": (
        "guidelines/test_verdict.py::test_another_sport_puts_nothing_on_the_running_load",
        "guidelines/test_verdict.py::"
        "test_where_running_ends_cycling_swimming_and_rowing_are_offered_but_in_an_emergency_nothing_is",
    ),
    "A23": (
        "test_words_advice.py::test_claims_of_running_style_are_told_as_claims_and_computed_nowhere",
        "test_words_advice.py::test_nowhere_is_anybody_asked_to_land_otherwise",
    ),
    "A24": (
        "guidelines/person/test_person_notices.py::test_trouble_that_began_twice_within_a_year_asks_for_an_assessment",
    ),
    "A25": (
        "guidelines/pain/test_asking.py::test_every_day_is_asked_about_in_trouble_in_a_plan_and_after_pain",
        "guidelines/pain/test_asking.py::"
        "test_the_morning_after_a_run_is_asked_about_from_five_and_until_it_is_answered",
        "guidelines/pain/test_how_it_ends.py::test_silence_does_not_end_a_stop_however_long_it_lasts",
        "guidelines/pain/test_how_it_ends.py::test_somebody_in_trouble_who_says_nothing_is_not_known_to_be_well",
        "guidelines/pain/test_how_it_ends.py::test_trouble_on_the_left_is_asked_about_after_the_right_has_recovered",
        "guidelines/pain/test_how_it_ends.py::test_what_only_an_answer_ends_is_asked_about_until_it_is_given",
        "guidelines/pain/test_notices.py::test_a_run_that_was_not_answered_is_unknown_and_never_well",
        "guidelines/pain/test_notices.py::test_silence_is_said_to_be_unknown",
    ),
    "A26": (
        "test_words_advice.py::test_injections_are_a_clinicians_decision_and_not_the_first_one",
    ),
    "A27": (
        "app/test_guiding.py::test_sleep_and_food_are_kept_and_shown_and_change_neither_load_nor_guidance",
    ),
    "A28": (
        "guidelines/pain/test_notices.py::test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone",
    ),
    "A29": (
        "guidelines/pain/test_how_it_ends.py::test_a_tender_point_too_high_up_is_over_when_it_is_said_to_be_gone",
        "guidelines/pain/test_notices.py::test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone",
        "guidelines/pain/test_notices.py::"
        "test_tender_above_six_centimetres_is_referred_until_it_is_lower_or_was_looked_at",
        "guidelines/pain/test_notices.py::test_tenderness_is_told_with_its_place",
        "guidelines/plans/test_how_locks_end.py::"
        "test_exercise_is_free_again_after_somebody_has_looked_at_what_is_too_high_up",
    ),
    "B01": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_a_hold_counts_from_30_to_45_seconds_and_one_of_unknown_length_does_not",
    ),
    "B02": (
        "guidelines/plans/test_exercise_rules.py::test_an_exercise_that_skips_a_phase_is_said_and_counts_for_no_plan",
        "guidelines/plans/test_exercise_rules.py::test_holds_come_before_slow_and_heavy_and_those_before_jumps",
        "guidelines/plans/test_exercise_rules.py::test_jumps_in_the_twelve_weeks_of_heel_drops_skip_a_phase",
    ),
    "B03": (
        "guidelines/plans/test_exercise_rules.py::test_strength_two_or_three_times_a_week_beside_the_protocol",
        "guidelines/plans/test_how_locks_end.py::test_strength_is_asked_of_no_week_before_the_plan",
    ),
    "B04": (
        "guidelines/plans/test_exercise_rules.py::test_trouble_is_watched_for_twelve_weeks_and_at_least_eight",
        "guidelines/plans/test_how_locks_end.py::test_a_diary_is_not_kept_until_a_day_that_is_past",
    ),
    "B05": (
        "guidelines/pain/test_notices.py::test_mild_pain_that_settles_is_run_with_less_and_easy",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_two_of_ten_that_warms_up_and_settles_lets_somebody_run_less",
    ),
    "B06": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_every_plan_of_ours_loads_the_tendon_with_a_straight_and_a_bent_knee",
        "guidelines/plans/test_exercise_rules.py::test_stretching_alone_is_no_plan",
    ),
    "B07": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_every_plan_of_ours_loads_the_tendon_with_a_straight_and_a_bent_knee",
        "guidelines/plans/test_heel_drops.py::"
        "test_each_day_asks_for_three_sets_of_fifteen_twice_in_both_knee_positions",
    ),
    "B08": (
        "guidelines/shoes/test_shoe_notices.py::test_from_10_mm_to_4_within_a_week_is_critical",
        "guidelines/shoes/test_shoe_notices.py::test_the_first_weeks_leave_10_to_15_percent",
    ),
    "B09": (
        "guidelines/test_load_rules.py::test_a_week_with_a_day_not_recorded_is_no_reference_of_climbing_speed_or_runs",
        "guidelines/test_load_rules.py::test_distance_speed_runs_and_climbing_are_told_apart_week_on_week",
        "guidelines/test_load_rules.py::test_the_first_uphill_run_of_four_weeks_alerts",
        "load/test_exposure.py::test_three_percent_is_uphill_and_less_is_not_and_downhill_takes_no_climb_away",
    ),
    "B10": (
        "guidelines/test_load_rules.py::test_a_week_on_another_ground_than_the_four_before_alerts",
        "guidelines/test_load_rules.py::test_ground_that_is_not_known_says_nothing",
        "guidelines/test_load_rules.py::test_in_the_first_two_weeks_another_ground_asks_for_nothing",
        "guidelines/test_load_rules.py::test_the_first_run_of_a_usual_week_is_no_change_of_ground_or_landing",
    ),
    "B11": (
        "test_words_advice.py::test_claims_of_running_style_are_told_as_claims_and_computed_nowhere",
    ),
    "B12": (
        "guidelines/person/test_person_notices.py::"
        "test_a_gap_that_nobody_has_answered_for_is_unknown_and_never_too_little",
        "guidelines/person/test_person_notices.py::test_an_exercise_for_the_tendon_is_load_and_another_is_not",
        "guidelines/person/test_person_notices.py::test_two_weeks_of_rest_in_an_open_episode_are_too_little",
    ),
    "B13": (
        "guidelines/test_load_rules.py::test_a_week_as_before_right_after_a_break_alarms",
        "guidelines/test_load_rules.py::test_the_first_run_after_a_rest_is_held_against_what_the_rest_left",
    ),
    "B14": (
        "guidelines/pain/test_notices.py::test_a_flare_after_each_of_the_last_two_increases_is_progress_too_fast",
        "guidelines/pain/test_notices.py::test_a_flare_after_two_increases_in_a_row_is_progress_too_fast",
        "guidelines/pain/test_notices.py::test_a_level_raised_above_the_runners_own_mornings_is_a_flare_too",
    ),
    "B15": (
        "guidelines/person/test_person_notices.py::test_trouble_that_began_twice_within_a_year_asks_for_an_assessment",
    ),
    "B16": (
        "cli/test_rules.py::test_plans_alerts_and_next_weeks_end_with_the_words_that_nothing_replaces_a_doctor",
        "test_words_advice.py::test_the_disclaimer_says_that_nothing_replaces_a_doctor_and_what_an_emergency_is",
    ),
    "B17": (
        "test_words_advice.py::test_nobody_is_told_what_they_have",
        "test_words_advice.py::test_the_word_for_inflammation_stands_in_one_text_only_and_for_the_first_days",
    ),
    "C01": (
        "guidelines/pain/test_table.py::test_pain_after_a_run_of_three_or_that_does_not_taper_stops",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_what_is_compared_agrees_with_the_slow_table_at_every_step",
    ),
    "C02": (
        "test_words_advice.py::test_ice_is_a_quarter_of_an_hour_with_a_cloth_and_for_comfort",
    ),
    "C03": (
        "test_words_advice.py::test_ice_is_a_quarter_of_an_hour_with_a_cloth_and_for_comfort",
    ),
    "C04": (
        "guidelines/plans/test_exercise_rules.py::test_round_a_run_warmth_comes_before_moving_and_ice_comes_last",
    ),
    "C05": (
        "guidelines/person/test_person_notices.py::"
        "test_tape_for_more_than_four_weeks_is_reminded_of_and_a_pause_begins_anew",
    ),
    "C06": (
        "guidelines/plans/test_exercise_rules.py::test_round_a_run_warmth_comes_before_moving_and_ice_comes_last",
    ),
    "C07": (
        "guidelines/pain/test_words.py::test_a_verdict_without_running_offers_other_sports_and_an_emergency_does_not",
        "guidelines/test_verdict.py::"
        "test_where_running_ends_cycling_swimming_and_rowing_are_offered_but_in_an_emergency_nothing_is",
    ),
    "C08": (
        "guidelines/shoes/test_shoe_notices.py::"
        "test_in_the_first_days_of_a_spell_more_drop_is_offered_to_who_runs_in_less",
        "guidelines/shoes/test_shoe_notices.py::test_more_drop_or_a_lift_is_for_a_while_and_needs_an_end",
    ),
    "C09": (
        "guidelines/test_load_rules.py::test_more_forefoot_landings_than_usual_are_told_for_information",
        "test_words_advice.py::test_nowhere_is_anybody_asked_to_land_otherwise",
    ),
    "C10": (
        "guidelines/test_load_rules.py::test_more_forefoot_landings_than_usual_are_told_for_information",
        "guidelines/test_load_rules.py::test_the_first_run_of_a_usual_week_is_no_change_of_ground_or_landing",
    ),
    "C11": (
        "guidelines/plans/test_heel_drops.py::test_drops_off_a_step_count_only_where_it_is_the_middle",
        "guidelines/plans/test_heel_drops.py::test_the_step_is_for_the_known_middle_alone_and_everything_else_is_flat",
        "guidelines/plans/test_how_locks_end.py::"
        "test_drops_off_a_step_that_were_right_then_count_when_the_thickening_has_gone",
    ),
    "C12": (
        "guidelines/pain/test_notices.py::test_fifteen_days_with_pain_are_referred_and_fourteen_are_not",
        "guidelines/pain/test_notices.py::test_pain_that_rises_twice_while_the_runs_get_smaller_is_referred",
    ),
    "C13": (
        "guidelines/test_refused.py::test_every_plan_has_something_that_loads_or_moves",
        "guidelines/test_refused.py::test_rest_and_ice_alone_in_a_spell_of_trouble_are_said_to_be_no_plan",
        "test_words_advice.py::test_no_plan_consists_of_rest_and_ice",
    ),
    "C14": (
        "guidelines/person/test_person_notices.py::test_a_calf_that_is_said_to_be_weak_is_noted",
    ),
    "C15": (
        "guidelines/person/test_person_notices.py::test_a_stiff_ankle_is_noted_until_it_is_said_to_be_gone",
        "guidelines/person/test_person_notices.py::test_several_runs_above_a_limit_are_noted_as_too_much",
    ),
    "D01": (
        "guidelines/pain/test_how_it_ends.py::test_a_tender_point_too_high_up_is_over_when_it_is_said_to_be_gone",
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_word_on_one_side_does_not_make_a_clearance_of_the_other_too_early",
        "guidelines/pain/test_notices.py::test_a_place_said_to_be_higher_up_is_referred_without_a_height",
        "guidelines/pain/test_notices.py::"
        "test_tender_above_six_centimetres_is_referred_until_it_is_lower_or_was_looked_at",
        "guidelines/pain/test_place.py::test_the_height_of_the_tender_point_with_a_thickening_tells_the_place",
        "guidelines/pain/test_place.py::test_the_middle_needs_a_thickening_and_no_pain_on_pulling_the_foot_up",
        "guidelines/plans/test_how_locks_end.py::"
        "test_exercise_is_free_again_after_somebody_has_looked_at_what_is_too_high_up",
    ),
    "D02": (
        "guidelines/test_load_rules.py::test_distance_speed_runs_and_climbing_are_told_apart_week_on_week",
    ),
    "D03": (
        "guidelines/test_load_rules.py::"
        "test_a_week_that_goes_on_alarms_as_soon_as_it_is_that_far_and_an_unknown_base_is_too_close",
        "guidelines/test_load_rules.py::test_a_week_that_the_records_begin_in_the_middle_of_is_no_sure_base",
        "guidelines/test_load_rules.py::test_from_30_to_50_km_in_four_weeks_alarms_in_the_default_policy",
    ),
    "D04": (
        "guidelines/test_load_rules.py::"
        "test_an_uphill_run_after_another_within_four_weeks_is_not_new_and_after_five_it_is",
        "guidelines/test_load_rules.py::test_the_first_metres_uphill_of_a_run_that_goes_on_are_no_hill_run",
        "guidelines/test_load_rules.py::test_the_first_uphill_run_of_four_weeks_alerts",
        "guidelines/test_load_rules.py::"
        "test_uphill_right_after_weeks_of_rest_is_new_and_after_weeks_nobody_answered_for_it_may_be",
        "load/test_rows.py::test_at_any_speed_a_steeper_climb_loads_each_step_more",
        "load/test_rows.py::"
        "test_five_percent_uphill_is_more_than_a_tenth_more_load_and_beyond_ten_degrees_it_never_falls",
        "test_words_load_rules.py::"
        "test_runs_of_which_nobody_knows_whether_they_were_uphill_or_fast_are_said_to_be_unknown",
    ),
    "D05": (
        "guidelines/test_load_rules.py::test_a_line_of_a_log_is_fast_by_its_mean_speed_and_told_as_at_least_that",
        "guidelines/test_load_rules.py::test_easy_speed_is_not_raised_by_fast_runs_nor_lowered_by_hills",
        "guidelines/test_load_rules.py::"
        "test_the_first_fast_run_of_four_weeks_alerts_from_115_percent_of_the_easy_speed_on",
        "load/test_rows.py::test_fast_running_has_clearly_higher_peaks_than_easy_running",
        "load/test_rows.py::test_the_peak_of_a_step_rises_with_speed",
        "test_words_load_rules.py::"
        "test_runs_of_which_nobody_knows_whether_they_were_uphill_or_fast_are_said_to_be_unknown",
    ),
    "D06": (
        "guidelines/shoes/test_shoe_notices.py::test_from_10_mm_to_4_within_a_week_is_critical",
        "guidelines/shoes/test_shoe_notices.py::"
        "test_from_10_mm_to_4_within_three_months_is_an_alarm_and_slower_is_not",
        "guidelines/shoes/test_shoe_notices.py::test_that_is_said_of_10_mm_and_more_down_to_6_and_less",
        "guidelines/test_row_edges.py::test_a_week_ends_with_its_seventh_day",
    ),
    "D07": (
        "guidelines/test_load_rules.py::"
        "test_a_break_nobody_answered_for_is_too_close_to_call_and_a_shorter_one_is_none",
        "guidelines/test_load_rules.py::test_a_week_as_before_right_after_a_break_alarms",
        "guidelines/test_load_rules.py::"
        "test_the_weeks_after_a_break_are_watched_for_28_days_and_only_the_first_alarms",
        "guidelines/test_load_rules.py::test_two_weeks_of_less_than_half_count_as_a_break",
    ),
    "D08": (
        "guidelines/person/test_person_notices.py::test_a_calf_that_is_said_to_be_weak_is_noted",
    ),
    "D09": (
        "guidelines/pain/test_notices.py::test_pain_that_eases_while_running_and_pain_that_comes_back_are_patterns",
    ),
    "D10": (
        "guidelines/pain/test_notices.py::test_pain_after_sitting_is_a_pattern_until_it_is_said_to_be_gone",
        "guidelines/pain/test_words.py::test_the_pattern_of_sitting_names_its_hour_and_its_minute",
    ),
    "D11": (
        "guidelines/pain/test_notices.py::"
        "test_a_run_that_was_sore_half_an_hour_later_or_in_the_evening_is_labelled_overloaded",
        "guidelines/pain/test_table.py::test_an_ache_in_the_evening_labels_the_run_too",
        "guidelines/pain/test_table.py::test_soreness_that_sets_in_within_30_to_60_minutes_labels_the_run",
    ),
    "D12": (
        "guidelines/pain/test_notices.py::test_each_sign_of_an_emergency_is_one_until_said_to_be_gone",
        "guidelines/plans/test_how_locks_end.py::"
        "test_a_red_flag_of_both_sides_is_gone_when_each_side_was_said_to_be_well",
        "guidelines/plans/test_how_locks_end.py::test_a_red_flag_that_is_said_again_stands_again",
        "guidelines/test_row_edges.py::test_every_sign_of_an_emergency_locks_every_plan_and_lets_none_begin",
    ),
    "D13": (
        "guidelines/pain/test_table.py::"
        "test_stiffness_of_the_first_kilometre_alone_halves_to_seven_tenths_without_hills_and_speed",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_words.py::test_less_running_is_told_with_its_share_easy_and_without_hills_and_speed",
    ),
    "D14": (
        "guidelines/pain/test_how_it_ends.py::test_a_run_that_was_answered_well_after_the_stop_ended_frees_running",
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_stop_of_long_ago_ends_with_two_days_said_to_be_well_and_running_begins_again_reduced",
        "guidelines/pain/test_how_it_ends.py::"
        "test_running_begins_again_reduced_also_where_the_stop_itself_is_more_than_two_weeks_old",
        "guidelines/pain/test_notices.py::test_mild_pain_that_settles_is_run_with_less_and_easy",
        "guidelines/pain/test_responses.py::"
        "test_baseline_is_the_median_of_seven_mornings_without_a_run_the_day_before",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_two_of_ten_that_warms_up_and_settles_lets_somebody_run_less",
        "guidelines/pain/test_table.py::test_what_is_compared_agrees_with_the_slow_table_at_every_step",
        "guidelines/pain/test_words.py::test_less_running_is_told_with_its_share_easy_and_without_hills_and_speed",
    ),
    "D15": (
        "guidelines/pain/test_notices.py::test_four_the_morning_after_stops_and_two_later_days_back_to_usual_end_it",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_three_during_a_run_or_pain_that_never_eases_stops",
    ),
    "D16": (
        "guidelines/pain/test_asking.py::test_24_hours_after_a_run_it_is_asked_again_for_two_days",
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_stop_of_long_ago_ends_with_two_days_said_to_be_well_and_running_begins_again_reduced",
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_word_for_the_day_after_that_is_said_on_the_day_of_the_run_settles_nothing",
        "guidelines/pain/test_how_it_ends.py::test_silence_does_not_end_a_stop_however_long_it_lasts",
        "guidelines/pain/test_how_it_ends.py::test_silence_does_not_end_pain_that_was_raised_a_day_after_a_run",
        "guidelines/pain/test_notices.py::test_still_raised_after_24_hours_asks_for_a_physiotherapist",
        "guidelines/pain/test_responses.py::"
        "test_baseline_is_the_median_of_seven_mornings_without_a_run_the_day_before",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_what_is_compared_agrees_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_what_is_still_raised_after_24_hours_needs_a_physiotherapist",
    ),
    "D17": (
        "guidelines/pain/test_notices.py::test_a_run_nobody_spoke_of_neither_counts_nor_starts_anew",
        "guidelines/pain/test_notices.py::test_a_worsening_that_nobody_spoke_of_again_is_unknown_after_four_weeks",
        "guidelines/pain/test_notices.py::test_pain_that_rises_twice_while_the_runs_get_smaller_is_referred",
        "guidelines/test_row_edges.py::test_less_load_is_less_and_not_the_same",
        "guidelines/test_row_edges.py::"
        "test_the_load_decides_where_it_can_be_held_against_the_last_and_else_the_distance",
    ),
    "D18": (
        "guidelines/plans/test_heel_drops.py::"
        "test_each_day_asks_for_three_sets_of_fifteen_twice_in_both_knee_positions",
        "guidelines/plans/test_heel_drops.py::test_four_fifths_of_the_repetitions_are_enough_and_fewer_are_not",
        "guidelines/plans/test_heel_drops.py::test_the_whole_protocol_is_7560_repetitions_in_each_knee_position",
        "guidelines/plans/test_how_locks_end.py::"
        "test_drops_off_a_step_that_were_right_then_count_when_the_thickening_has_gone",
    ),
    "D19": (
        "guidelines/plans/test_heel_drops.py::test_lowering_takes_three_to_five_seconds",
        "signal/exercise/test_heel_drops.py::"
        "test_of_a_foot_the_count_of_every_set_is_exact_and_nearly_every_lowering_is_timed_within_a_fifth_of_a_second",
    ),
    "D20": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_every_plan_of_ours_loads_the_tendon_with_a_straight_and_a_bent_knee",
        "guidelines/plans/test_heel_drops.py::"
        "test_each_day_asks_for_three_sets_of_fifteen_twice_in_both_knee_positions",
        "guidelines/plans/test_heel_drops.py::test_one_knee_position_alone_never_completes_the_protocol",
    ),
    "D21": (
        "guidelines/plans/test_heel_drops.py::test_drops_off_a_step_count_only_where_it_is_the_middle",
        "guidelines/plans/test_heel_drops.py::test_the_step_is_for_the_known_middle_alone_and_everything_else_is_flat",
    ),
    "D22": (
        "guidelines/plans/test_heel_drops.py::"
        "test_it_begins_with_two_sets_and_three_wait_for_a_good_answer_after_24_to_48_hours",
        "guidelines/plans/test_heel_drops.py::"
        "test_three_sets_at_once_are_said_and_after_the_answer_they_are_in_the_plan",
        "guidelines/plans/test_heel_drops.py::test_without_mornings_to_compare_only_no_pain_at_all_is_a_good_answer",
        "guidelines/plans/test_how_locks_end.py::test_a_single_morning_is_no_baseline_for_a_third_set",
        "guidelines/test_row_edges.py::test_an_answer_of_exercise_is_one_from_24_to_48_hours_after_it",
    ),
    "D23": (
        "guidelines/plans/test_heel_drops.py::"
        "test_the_protocol_is_complete_after_twelve_weeks_and_not_before_though_nothing_hurts",
        "guidelines/plans/test_heel_drops.py::test_whoever_ends_it_early_is_told_that_it_takes_twelve_weeks",
    ),
    "D24": (
        "guidelines/plans/test_heel_drops.py::test_a_stop_of_running_is_none_of_exercise_and_a_red_flag_is",
        "guidelines/plans/test_heel_drops.py::test_pain_in_the_exercise_is_allowed_until_it_is_severe",
        "guidelines/plans/test_how_locks_end.py::"
        "test_after_severe_pain_of_exercise_holds_stand_in_from_the_next_day_on",
        "guidelines/plans/test_how_locks_end.py::"
        "test_severe_pain_locks_exercise_until_it_was_looked_at_and_pain_of_two_weeks_does_not",
        "guidelines/plans/test_setbacks.py::test_pain_in_an_exercise_costs_no_stage_of_running",
    ),
    "D25": (
        "guidelines/plans/test_how_locks_end.py::test_a_run_on_the_day_a_plan_begins_may_have_been_before_it",
        "guidelines/plans/test_how_locks_end.py::test_days_on_which_nobody_might_run_are_no_days_of_the_next_stage",
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
    ),
    "D26": (
        "guidelines/plans/test_how_locks_end.py::"
        "test_an_antibiotic_in_mid_plan_holds_the_stage_until_the_physicians_word_also_when_looked_at_later",
        "guidelines/plans/test_how_locks_end.py::test_days_on_which_nobody_might_run_are_no_days_of_the_next_stage",
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_runs_open_the_next_stage_up_to_two_of_ten_and_settled_a_day_later",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
        "guidelines/plans/test_setbacks.py::test_every_other_day_is_asked_for_until_stage_four",
        "guidelines/plans/test_setbacks.py::test_the_steps_of_a_walk_run_are_held_against_one_minute_and_two",
        "guidelines/plans/test_walk_run.py::"
        "test_ten_times_one_minute_and_two_fits_within_a_quarter_and_less_is_no_fault",
        "guidelines/plans/test_walk_run.py::"
        "test_where_too_little_was_recorded_it_is_unknown_unless_a_stretch_was_too_long_anyway",
    ),
    "D27": (
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_runs_open_the_next_stage_up_to_two_of_ten_and_settled_a_day_later",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
        "guidelines/plans/test_setbacks.py::test_every_other_day_is_asked_for_until_stage_four",
    ),
    "D28": (
        "guidelines/planning/test_planner.py::test_consecutive_days_wait_for_the_answer_of_a_run_that_is_only_planned",
        "guidelines/plans/test_return_to_running.py::"
        "test_consecutive_days_are_free_only_while_the_day_after_was_answered_well",
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_return_to_running.py::"
        "test_three_mornings_in_a_row_without_a_rise_open_the_stage_with_hills",
        "guidelines/plans/test_setbacks.py::"
        "test_a_run_on_the_next_day_is_free_in_stage_four_unless_the_last_was_still_felt",
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
    ),
    "D29": (
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
    ),
    "D30": (
        "guidelines/plans/test_how_locks_end.py::"
        "test_hills_without_any_pain_open_the_next_stage_though_there_is_no_baseline",
        "guidelines/plans/test_return_to_running.py::test_a_second_hilly_session_waits_for_48_hours_and_their_answer",
        "guidelines/plans/test_return_to_running.py::test_one_hilly_session_must_be_answered_well_for_48_hours",
    ),
    "D31": (
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
        "guidelines/plans/test_return_to_running.py::test_two_weeks_of_settled_runs_open_the_last_stage",
    ),
    "D32": (
        "guidelines/planning/test_planner.py::test_a_plan_has_one_fast_run_in_its_week_also_where_two_were_usual",
        "guidelines/plans/test_return_to_running.py::test_each_stage_says_how_long_a_run_may_be_and_what_it_may_hold",
        "guidelines/plans/test_return_to_running.py::test_one_fast_session_a_week_is_in_the_plan_and_a_second_is_not",
        "guidelines/plans/test_return_to_running.py::"
        "test_thirteen_weeks_without_trouble_lead_through_every_stage_two_weeks_each",
    ),
    "D33": (
        "guidelines/pain/test_how_it_ends.py::test_that_a_plan_goes_back_is_said_only_where_it_did",
        "guidelines/pain/test_notices.py::test_four_the_morning_after_stops_and_two_later_days_back_to_usual_end_it",
        "guidelines/plans/test_how_locks_end.py::test_a_plan_that_went_back_names_the_level_of_the_policy",
        "guidelines/plans/test_setbacks.py::"
        "test_one_pain_costs_one_stage_however_often_it_is_said_and_another_run_another",
        "guidelines/plans/test_setbacks.py::test_pain_above_three_at_any_time_goes_back_one_stage",
        "guidelines/plans/test_setbacks.py::test_pain_after_a_stage_was_reached_anew_costs_it_again_though_nobody_ran",
        "guidelines/plans/test_setbacks.py::test_pain_in_an_exercise_costs_no_stage_of_running",
        "guidelines/plans/test_setbacks.py::test_the_clinician_policy_goes_back_above_five_alone",
        "guidelines/plans/test_setbacks.py::"
        "test_there_is_no_stage_before_the_first_and_pain_there_lets_its_weeks_begin_again",
    ),
    "D33b": (
        "guidelines/pain/test_notices.py::test_still_raised_after_24_hours_asks_for_a_physiotherapist",
        "guidelines/planning/test_planner.py::"
        "test_after_too_much_the_next_run_is_smaller_in_a_stage_without_a_time_too",
        "guidelines/plans/test_setbacks.py::test_a_run_still_felt_a_day_later_makes_the_next_one_a_tenth_smaller",
    ),
    "D33c": (
        "guidelines/plans/test_setbacks.py::test_a_session_that_is_not_in_the_plan_is_said",
        "guidelines/plans/test_setbacks.py::test_testing_oneself_with_a_fast_run_before_the_last_stage_is_said",
    ),
    "D34": (
        "guidelines/shoes/test_shoe_notices.py::test_a_first_run_of_a_week_is_not_all_of_the_week",
        "guidelines/shoes/test_shoe_notices.py::"
        "test_all_runs_in_the_lower_pair_are_within_after_six_months_and_not_after_two",
        "guidelines/shoes/test_shoe_notices.py::test_the_first_weeks_leave_10_to_15_percent",
        "guidelines/shoes/test_shoe_notices.py::test_the_ramp_is_a_line_to_all_of_it_after_three_to_six_months",
        "guidelines/shoes/test_shoe_notices.py::test_unknown_pairs_drops_and_distances_leave_the_share_unknown",
    ),
    "D35": (
        "guidelines/shoes/test_shoe_notices.py::"
        "test_in_the_first_days_of_a_spell_more_drop_is_offered_to_who_runs_in_less",
        "guidelines/shoes/test_shoe_notices.py::test_more_drop_or_a_lift_is_for_a_while_and_needs_an_end",
    ),
    "D36": (
        "guidelines/plans/test_heel_drops.py::"
        "test_after_severe_pain_holds_stand_in_once_it_is_said_how_it_is_and_drops_come_back_with_easy_holds",
        "guidelines/plans/test_heel_drops.py::test_raises_are_added_when_pain_allows_and_not_on_unknown",
        "guidelines/plans/test_how_locks_end.py::"
        "test_after_severe_pain_of_exercise_holds_stand_in_from_the_next_day_on",
    ),
    "D37": (
        "guidelines/plans/test_exercise_rules.py::test_round_a_run_warmth_comes_before_moving_and_ice_comes_last",
    ),
    "D38": (
        "guidelines/person/test_person_notices.py::test_a_day_said_twice_counts_once_and_days_of_long_ago_do_not",
        "guidelines/person/test_person_notices.py::test_anti_inflammatories_are_for_a_few_days",
    ),
    "D39": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_a_stretch_is_offered_only_free_of_pain_and_never_at_a_painful_insertion",
        "guidelines/plans/test_exercise_rules.py::test_a_stretch_that_hurt_or_pulled_at_the_insertion_is_said",
    ),
    "D40": (
        "guidelines/person/test_person_notices.py::"
        "test_a_gap_that_nobody_has_answered_for_is_unknown_and_never_too_little",
        "guidelines/person/test_person_notices.py::test_an_exercise_for_the_tendon_is_load_and_another_is_not",
        "guidelines/person/test_person_notices.py::test_two_weeks_of_rest_in_an_open_episode_are_too_little",
    ),
    "D41": (
        "test_words_advice.py::test_injections_are_a_clinicians_decision_and_not_the_first_one",
    ),
    "D42": (
        "guidelines/test_load_rules.py::test_a_day_is_hard_by_its_load_where_that_is_known",
        "guidelines/test_load_rules.py::test_a_hard_day_after_a_hard_day_is_told",
        "guidelines/test_load_rules.py::test_a_hard_run_the_day_after_a_hard_run_alerts_once",
        "guidelines/test_load_rules.py::test_a_run_that_was_fast_by_its_mean_hides_no_hill_of_the_same_day",
        "guidelines/test_load_rules.py::test_days_recorded_in_part_make_no_other_day_hard",
        "guidelines/test_load_rules.py::"
        "test_of_a_run_that_was_recorded_in_part_it_is_not_known_that_it_was_flat_or_easy",
        "guidelines/test_load_rules.py::test_the_run_that_makes_a_day_hard_is_the_one_that_is_told",
        "guidelines/test_load_rules.py::"
        "test_what_is_usual_is_learned_for_two_weeks_and_a_hill_is_one_from_the_first_day",
    ),
    "D43": (
        "guidelines/person/test_person_notices.py::test_the_first_year_after_a_recovery_is_watched",
    ),
    "D44": (
        "guidelines/plans/test_heel_drops.py::test_afterwards_it_is_kept_with_two_to_three_sets_twice_a_week",
    ),
    "D45": (
        "guidelines/plans/test_exercise_rules.py::test_after_eight_weeks_without_improvement_the_plan_is_looked_at",
        "guidelines/plans/test_exercise_rules.py::test_twelve_weeks_are_held_against_the_middle_alone",
        "guidelines/plans/test_how_locks_end.py::"
        "test_eight_weeks_of_drops_are_said_only_of_who_did_them_and_the_heel_bone_only_where_it_hurts_there",
    ),
    "D46": (
        "guidelines/pain/test_notices.py::test_the_first_stiff_morning_and_the_first_run_that_hurts_are_told_early",
    ),
    "D47": (
        "guidelines/pain/test_asking.py::"
        "test_the_morning_after_a_run_is_asked_about_from_five_and_until_it_is_answered",
        "guidelines/pain/test_how_it_ends.py::"
        "test_a_word_for_the_day_after_that_is_said_on_the_day_of_the_run_settles_nothing",
        "guidelines/pain/test_responses.py::test_no_run_is_too_short_for_the_table",
        "guidelines/pain/test_table.py::test_no_distance_is_part_of_the_table",
    ),
    "D48": (
        "load/test_rows.py::"
        "test_a_step_of_any_walk_is_less_than_one_of_an_easy_jog_and_that_less_than_one_of_fast_running",
        "load/test_rows.py::test_fast_running_has_clearly_higher_peaks_than_easy_running",
    ),
    "D49": (
        "guidelines/test_load_rules.py::test_a_gap_never_reads_as_detraining",
        "guidelines/test_load_rules.py::"
        "test_a_rest_lowers_what_is_left_of_the_day_and_so_does_one_shown_by_other_sport",
        "guidelines/test_load_rules.py::test_how_fast_tolerance_goes_can_be_set_and_the_rule_switched_off",
        "guidelines/test_load_rules.py::test_the_first_run_after_a_rest_is_held_against_what_the_rest_left",
        "guidelines/test_load_rules.py::test_with_the_rule_of_breaks_off_a_run_near_the_limit_is_told_as_ever",
    ),
    "D50": (
        "guidelines/pain/test_notices.py::test_four_the_morning_after_stops_and_two_later_days_back_to_usual_end_it",
        "guidelines/pain/test_notices.py::test_three_without_a_run_stops_too",
        "guidelines/pain/test_notices.py::test_two_and_a_half_without_a_run_is_less_running_for_that_day_and_the_next",
        "guidelines/pain/test_table.py::test_above_two_and_below_three_is_asked_again_and_three_stops",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
    ),
    "D51": (
        "guidelines/person/test_person_notices.py::test_from_forty_on_age_is_noted_and_nothing_is_multiplied",
    ),
    "D52": (
        "guidelines/plans/test_heel_drops.py::test_raising_the_sore_leg_alone_is_said",
        "guidelines/plans/test_heel_drops.py::test_the_way_up_is_for_the_other_leg_or_for_both_feet",
    ),
    "D53": (
        "guidelines/plans/test_exercise_rules.py::test_after_eight_weeks_without_improvement_the_plan_is_looked_at",
        "guidelines/plans/test_exercise_rules.py::test_twelve_weeks_are_held_against_the_middle_alone",
        "guidelines/plans/test_how_locks_end.py::"
        "test_eight_weeks_of_drops_are_said_only_of_who_did_them_and_the_heel_bone_only_where_it_hurts_there",
    ),
    "D54": (
        "guidelines/pain/test_notices.py::test_still_raised_after_24_hours_asks_for_a_physiotherapist",
        "guidelines/pain/test_table.py::test_sore_in_the_evening_and_after_24_hours_is_beyond_tolerance",
        "guidelines/pain/test_table.py::test_what_is_compared_agrees_with_the_slow_table_at_every_step",
    ),
    "D55": (
        "guidelines/plans/test_return_to_running.py::"
        "test_three_mornings_in_a_row_without_a_rise_open_the_stage_with_hills",
    ),
    "D56": (
        "guidelines/plans/test_how_locks_end.py::test_days_on_which_nobody_might_run_are_no_days_of_the_next_stage",
        "guidelines/plans/test_return_to_running.py::test_no_running_begins_before_walking_is_said_to_be_free_of_pain",
        "guidelines/plans/test_return_to_running.py::"
        "test_of_two_words_on_walking_the_newest_holds_and_of_one_day_the_worse",
    ),
    "D57": (
        "guidelines/plans/test_return_to_running.py::"
        "test_the_plan_is_complete_only_when_fast_running_did_not_flare_up",
        "guidelines/plans/test_return_to_running.py::"
        "test_without_a_fast_session_or_with_unknown_speeds_the_last_gate_stays_shut",
    ),
    "D58": (
        "guidelines/plans/test_exercise_rules.py::test_the_checklist_has_no_order_and_names_glutes_and_hips",
    ),
    "E01": (
        "guidelines/test_refused.py::test_an_emergency_is_what_three_rows_list_and_nothing_else",
        "test_words_advice.py::test_no_warning_sign_comes_from_the_text_whose_list_is_missing",
    ),
    "E02": (
        "guidelines/pain/test_notices.py::test_pain_that_eases_while_running_and_pain_that_comes_back_are_patterns",
    ),
    "E03": (
        "test_words_load_rules.py::test_a_week_of_which_not_all_is_known_is_nothing_to_have_run_more_than",
        "test_words_load_rules.py::test_more_running_while_pain_is_not_logged_or_grows_is_told",
    ),
    "E04": (
        "guidelines/test_load_rules.py::test_a_hard_run_the_day_after_a_hard_run_alerts_once",
        "guidelines/test_load_rules.py::test_hill_and_fast_runs_are_48_hours_apart",
        "guidelines/test_load_rules.py::test_two_log_lines_with_a_fast_mean_are_too_close_to_call",
        "guidelines/test_load_rules.py::"
        "test_what_is_usual_is_learned_for_two_weeks_and_a_hill_is_one_from_the_first_day",
    ),
    "E05": (
        "guidelines/plans/test_exercise_rules.py::test_two_weeks_without_any_exercise_are_said_to_who_runs",
    ),
    "E06": (
        "guidelines/person/test_person_notices.py::test_an_ankle_that_bends_little_is_noted",
    ),
    "E07": (
        "guidelines/plans/test_exercise_rules.py::test_the_checklist_has_no_order_and_names_glutes_and_hips",
    ),
    "E08": (
        "guidelines/plans/test_exercise_rules.py::test_each_of_the_checklist_is_ticked_by_itself",
        "guidelines/plans/test_exercise_rules.py::test_the_checklist_has_no_order_and_names_glutes_and_hips",
    ),
    "E09": (
        "guidelines/test_refused.py::test_heel_drops_name_the_muscles_the_right_way_round",
        "test_words_advice.py::test_nowhere_does_a_straight_knee_work_the_soleus",
    ),
    "E10": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_depth_jumps_are_locked_until_both_single_leg_exercises_were_done",
    ),
    "E11": (
        "guidelines/plans/test_exercise_rules.py::"
        "test_a_stretch_is_offered_only_free_of_pain_and_never_at_a_painful_insertion",
    ),
    "E12": (
        "guidelines/pain/test_notices.py::test_mild_pain_that_settles_is_run_with_less_and_easy",
        "guidelines/pain/test_table.py::test_the_deciding_times_agree_with_the_slow_table_at_every_step",
        "guidelines/pain/test_table.py::test_two_of_ten_that_warms_up_and_settles_lets_somebody_run_less",
    ),
    "E13": (
        "test_words_advice.py::test_the_word_for_inflammation_stands_in_one_text_only_and_for_the_first_days",
    ),
    "E14": (
        "guidelines/plans/test_exercise_rules.py::test_the_checklist_has_no_order_and_names_glutes_and_hips",
        "test_words_advice.py::test_three_lifts_for_the_hip_are_named_as_choices",
    ),
    "E15": (
        "guidelines/pain/test_notices.py::test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone",
    ),
    "E16": (
        "guidelines/person/test_person_notices.py::test_anti_inflammatories_are_for_a_few_days",
    ),
    "E17": (
        "guidelines/pain/test_notices.py::test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone",
    ),
}
