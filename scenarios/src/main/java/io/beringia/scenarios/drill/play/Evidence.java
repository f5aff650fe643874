package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.drill.Findings;
import io.beringia.scenarios.drill.Flow;
import io.beringia.scenarios.drill.Measurement;
import io.beringia.scenarios.drill.Tally;
import io.beringia.scenarios.drill.Timeline;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that a drill is judged by.
 *
 * @param lastFlows of the last seconds of each phase: a change takes a moment to arrive
 */
record Evidence(
        Measurement measurement, Tally tally, Findings findings, List<Flow> flows, Map<String, List<Flow>> lastFlows) {
    Timeline timeline() {
        return measurement.story().timeline();
    }

    OptionalLong sinceFault(OptionalLong at) {
        OptionalLong fault = measurement.story().faultMillis();
        return at.isPresent() && fault.isPresent()
                ? OptionalLong.of(at.getAsLong() - fault.getAsLong())
                : OptionalLong.empty();
    }
}
