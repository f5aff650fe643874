package io.beringia.scenarios.world;

/**
 * One expectation, held against what happened.
 *
 * @param text as the scenario says it
 */
record Finding(String text, String measured, boolean isMet) {}
