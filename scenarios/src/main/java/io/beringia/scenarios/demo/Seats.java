package io.beringia.scenarios.demo;

import java.util.List;
import java.util.stream.Stream;

/** Where on this machine the processes of a region run: what their commands begin with. */
@FunctionalInterface
public interface Seats {
    /** All beside each other. */
    Seats THIS_MACHINE = region -> List.of();

    List<String> before(DemoRegion region);

    default List<String> of(DemoRegion region, List<String> command) {
        return Stream.concat(before(region).stream(), command.stream()).toList();
    }
}
