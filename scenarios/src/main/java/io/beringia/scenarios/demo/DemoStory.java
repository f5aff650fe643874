package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Story;
import java.util.Set;

/** The chapters of the demo. */
final class DemoStory {
    private static final Set<String> EAST = Set.of(DemoRegion.EAST.region().name());

    static final Story.Chapter STEADY = new Story.Chapter("1 steady", Set.of());
    static final Story.Chapter UNREADY = new Story.Chapter("2 echo unready in us-east", Set.of());
    static final Story.Chapter READY_AGAIN = new Story.Chapter("3 it is ready again", Set.of());
    static final Story.Chapter LOST = new Story.Chapter("4 us-east is lost", EAST);
    static final Story.Chapter RETURNS = new Story.Chapter("5 us-east returns", EAST);
    static final Story.Chapter BOTH_AGAIN = new Story.Chapter("6 both serve again", Set.of());

    private DemoStory() {}
}
