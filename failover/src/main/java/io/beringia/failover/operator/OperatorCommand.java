package io.beringia.failover.operator;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanOverride.Verb;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.trust.identity.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One thing an operator wants, with who, why and until when. */
public sealed interface OperatorCommand {
    Order order();

    /** As the plan keeps it. A newer command of the same verb, region and service replaces it. */
    PlanOverride asOverride();

    /**
     * What every command says.
     *
     * @param author who was authenticated
     * @param rules safety rules to set aside, by name
     */
    record Order(SpiffeId author, String reason, Instant expires, List<String> rules) {
        /** With a word in front it still fits where a plan keeps the reason of a move. */
        static final int REASON_CHARACTERS_MAX = 400;

        public Order {
            rules = List.copyOf(rules);
        }

        PlanOverride override(Verb verb, Optional<RegionId> region) {
            return override(verb, region, Optional.empty());
        }

        PlanOverride override(Verb verb, Optional<RegionId> region, Optional<ServiceName> service) {
            String id = verb.name().toLowerCase(Locale.ROOT) + "/"
                    + region.map(RegionId::name).orElse("*")
                    + service.map(one -> "/" + one).orElse("");
            return new PlanOverride(id, verb, region, service, author, reason, expires, rules);
        }
    }

    /**
     * Away in peace: old tunnels live to their deadline.
     *
     * @param service of it alone, where there is one
     */
    record Drain(RegionId region, Optional<ServiceName> service, Order order) implements OperatorCommand {
        /** With all its services. */
        public Drain(RegionId region, Order order) {
            this(region, Optional.empty(), order);
        }

        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.DRAIN, Optional.of(region), service);
        }
    }

    /**
     * Away at once, also with the region dead.
     *
     * @param service of it alone, where there is one
     */
    record Evacuate(RegionId region, Optional<ServiceName> service, Order order) implements OperatorCommand {
        /** With all its services. */
        public Evacuate(RegionId region, Order order) {
            this(region, Optional.empty(), order);
        }

        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.EVACUATE, Optional.of(region), service);
        }
    }

    /**
     * Back, through probation and ramp; a departure that is not finished ends at once.
     *
     * @param service of it alone, where there is one
     */
    record Restore(RegionId region, Optional<ServiceName> service, Order order) implements OperatorCommand {
        /** With all its services. */
        public Restore(RegionId region, Order order) {
            this(region, Optional.empty(), order);
        }

        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.RESTORE, Optional.of(region), service);
        }
    }

    /** The row of that source stays as it is. */
    record Pin(RegionId source, Order order) implements OperatorCommand {
        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.PIN, Optional.of(source));
        }
    }

    /** Nothing moves by itself: in that region, or without one anywhere. */
    record Freeze(Optional<RegionId> region, Order order) implements OperatorCommand {
        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.FREEZE, region);
        }
    }

    /** A drill is being run on that region. */
    record Practice(RegionId region, Order order) implements OperatorCommand {
        @Override
        public PlanOverride asOverride() {
            return order.override(Verb.PRACTICE, Optional.of(region));
        }
    }
}
