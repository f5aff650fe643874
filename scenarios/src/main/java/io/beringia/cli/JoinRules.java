package io.beringia.cli;

import io.beringia.discovery.peering.PeerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether two clusters can be one federation, and what each of them has to be told for it. Pure. */
final class JoinRules {
    private final List<Finding> findings = new ArrayList<>();
    private final JoinSide one;
    private final JoinSide other;

    private JoinRules(JoinSide one, JoinSide other) {
        this.one = one;
        this.other = other;
    }

    /** How good what was looked at is. */
    enum Severity {
        OK,
        NOTE,
        /** Together they would not work. */
        WRONG
    }

    /** One thing that was looked at. */
    record Finding(String topic, Severity severity, String detail) {}

    /**
     * What one of them has to be told of the other.
     *
     * @param peer for its configuration; empty where it says so already, or where something is wrong
     * @param bundle where its trust role gets the roots of the other; empty where it needs none, or has them
     */
    record Handover(JoinSide to, JoinSide about, Optional<PeerConfig> peer, Optional<JoinSide.Bundle> bundle) {}

    record Plan(List<Finding> findings, List<Handover> handovers) {
        Plan {
            findings = List.copyOf(findings);
            handovers = List.copyOf(handovers);
        }

        boolean isWrong() {
            return findings.stream().anyMatch(it -> it.severity() == Severity.WRONG);
        }
    }

    static Plan plan(JoinSide one, JoinSide other) {
        return new JoinRules(one, other).plan();
    }

    private Plan plan() {
        names();
        addresses();
        identities();
        trust();
        if (findings.stream().anyMatch(it -> it.severity() == Severity.WRONG)) {
            return new Plan(findings, List.of());
        }
        List<Handover> handovers = List.of(handover(one, other), handover(other, one));
        return new Plan(findings, handovers);
    }

    private void names() {
        if (one.cluster().equals(other.cluster())) {
            say("names", Severity.WRONG, "both are cluster " + one.cluster() + " (expected: a name of its own each)");
            return;
        }
        say(
                "names",
                Severity.OK,
                one.cluster() + " of " + one.region() + ", " + other.cluster() + " of " + other.region());
        if (one.region().equals(other.region())) {
            say(
                    "names",
                    Severity.NOTE,
                    "both are in region " + one.region() + ": they evacuate and come back together");
        }
        one.network()
                .filter(network -> other.network().equals(Optional.of(network)))
                .ifPresent(network -> say(
                        "names",
                        Severity.NOTE,
                        "both are in network " + network + ": their pods must reach each other without gateways"));
    }

    private void addresses() {
        if (one.address().isEmpty() && other.address().isEmpty()) {
            say(
                    "reach",
                    Severity.WRONG,
                    "neither says where it is reached (expected: --address " + other.cluster() + "=HOST:PORT)");
            return;
        }
        dials(one, other);
        dials(other, one);
    }

    private void dials(JoinSide from, JoinSide to) {
        say(
                "reach",
                Severity.OK,
                to.address()
                        .map(it -> from.cluster() + " dials " + to.cluster() + " at " + it)
                        .orElse(from.cluster() + " is dialled by " + to.cluster() + ", which says no address"));
    }

    private void identities() {
        for (JoinSide side : List.of(one, other)) {
            if (side.identity().isEmpty()) {
                say(
                        "identity",
                        Severity.WRONG,
                        "nobody says who speaks for " + side.cluster() + " (expected: --identity " + side.cluster()
                                + "=spiffe://" + side.trustDomain() + "/ns/beringia-system/sa/discovery)");
            }
            side.identity()
                    .ifPresent(id -> say(
                            "identity",
                            id.trustDomain().equals(side.trustDomain()) ? Severity.OK : Severity.WRONG,
                            id + " speaks for " + side.cluster()
                                    + (id.trustDomain().equals(side.trustDomain())
                                            ? ""
                                            : " (expected: of trust domain " + side.trustDomain() + ")")));
        }
    }

    private void trust() {
        if (one.trustDomain().equals(other.trustDomain())) {
            sameDomain();
            return;
        }
        believes(one, other);
        believes(other, one);
    }

    private void sameDomain() {
        Set<String> those = other.roots();
        if (one.roots().isEmpty() || those.isEmpty()) {
            say("trust", Severity.NOTE, "the roots of one of them are not at hand, nobody compared them");
        } else if (one.roots().equals(those)) {
            say("trust", Severity.OK, "both believe the same roots of " + one.trustDomain());
        } else {
            boolean isDisjoint = Collections.disjoint(one.roots(), those);
            say(
                    "trust",
                    isDisjoint ? Severity.WRONG : Severity.NOTE,
                    "they believe " + (isDisjoint ? "different" : "some different") + " roots of " + one.trustDomain()
                            + " (expected: those of both in both files of roots)");
        }
    }

    private void believes(JoinSide side, JoinSide stranger) {
        if (side.believed().contains(stranger.trustDomain())) {
            say("trust", Severity.OK, side.cluster() + " has the roots of " + stranger.trustDomain());
        } else if (stranger.bundle().isPresent()) {
            say(
                    "trust",
                    Severity.NOTE,
                    side.cluster() + " has no roots of " + stranger.trustDomain() + ", they are handed over from "
                            + stranger.bundle().get().url());
        } else {
            say(
                    "trust",
                    Severity.WRONG,
                    side.cluster() + " has no roots of " + stranger.trustDomain() + ", and " + stranger.cluster()
                            + " serves none (expected: trust.bundle-endpoint of " + stranger.cluster() + ")");
        }
    }

    private Handover handover(JoinSide to, JoinSide about) {
        PeerConfig wanted = about.asPeer(about.address().isPresent());
        Optional<PeerConfig> before = to.knows(about);
        before.filter(it -> !it.equals(wanted))
                .ifPresent(it -> say(
                        "peers",
                        Severity.NOTE,
                        to.cluster() + " knows " + about.cluster() + " otherwise, look at both: " + it));
        before.filter(wanted::equals)
                .ifPresent(it -> say("peers", Severity.OK, to.cluster() + " knows " + about.cluster() + " already"));
        return new Handover(
                to,
                about,
                before.equals(Optional.of(wanted)) ? Optional.empty() : Optional.of(wanted),
                to.believed().contains(about.trustDomain()) ? Optional.empty() : about.bundle());
    }

    private void say(String topic, Severity severity, String detail) {
        findings.add(new Finding(topic, severity, detail));
    }
}
