package io.secateur.conformance;

import io.secateur.spi.Schedule;

/**
 * A test that a schedule keeps the rules of its kind: its numbers, from the beginning to the
 * target.
 */
public interface ScheduleContract extends PluginContract<Schedule> {}
