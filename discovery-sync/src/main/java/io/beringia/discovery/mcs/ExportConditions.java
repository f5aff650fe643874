package io.beringia.discovery.mcs;

import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.Condition.Status;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.peering.ExportDecision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a ServiceExport's author is told (conditions of KEP-1645, and one of our own). Pure. */
final class ExportConditions {
    /** Types of our own. */
    static final String OURS = "beringia.io/";

    private ExportConditions() {}

    /** Whether there is anything to export. */
    enum Target {
        VALID,
        NO_SERVICE,
        UNFIT
    }

    /** Whether others know of it. */
    enum Reach {
        /** Some peer has taken it over, or there is none. */
        EXPORTED,
        PENDING
    }

    /**
     * All about one export.
     *
     * @param merged what all clusters make of it; empty where ours is not counted and nobody else's is there
     */
    record Facts(
            Target target,
            ExportDecision.Verdict verdict,
            Reach reach,
            Optional<Import> merged,
            Set<Caution> cautions) {
        Facts {
            cautions = Set.copyOf(cautions);
        }
    }

    /** What goes on all the same, and its author should know. Said only where it is so. */
    enum Caution {
        POLICY_SKEW(
                "beringia.io/PolicySkew",
                "PoliciesDiffer",
                "the clusters that export it enforce different policies, or not all of them have a waypoint"),
        WAYPOINT_LOCAL_ONLY(
                "beringia.io/WaypointLocalOnly",
                "WaypointKnowsOneCluster",
                "clients of this cluster go through its waypoint, which knows no endpoints of other clusters");

        private final String type;
        private final String reason;
        private final String message;

        Caution(String type, String reason, String message) {
            this.type = type;
            this.reason = reason;
            this.message = message;
        }
    }

    static List<Condition> of(ServiceExportObject export, Facts facts, Instant now) {
        Said said = new Said(export.conditions(), export.identity().generation(), now);
        return switch (facts.target()) {
            case NO_SERVICE ->
                List.of(
                        said.that(
                                "Valid",
                                Status.FALSE,
                                "NoService",
                                "there is no Service of this name in this namespace"),
                        said.that("Ready", Status.FALSE, "Failed", "there is nothing to export"));
            case UNFIT ->
                List.of(
                        said.that(
                                "Valid",
                                Status.FALSE,
                                "InvalidServiceType",
                                "a Service of type ExternalName cannot be exported"),
                        said.that("Ready", Status.FALSE, "Failed", "there is nothing to export"));
            case VALID ->
                Stream.of(
                                Stream.of(
                                        said.that("Valid", Status.TRUE, "Valid", ""),
                                        ready(said, facts),
                                        permitted(said, facts.verdict())),
                                facts.merged().stream().map(merged -> conflict(said, merged)),
                                facts.cautions().stream()
                                        .sorted()
                                        .map(it -> said.that(it.type, Status.TRUE, it.reason, it.message)))
                        .flatMap(part -> part)
                        .toList();
        };
    }

    private static Condition ready(Said said, Facts facts) {
        if (facts.verdict() != ExportDecision.Verdict.PERMITTED) {
            return said.that("Ready", Status.FALSE, "Failed", words(facts.verdict()));
        }
        return switch (facts.reach()) {
            case EXPORTED -> said.that("Ready", Status.TRUE, "Exported", "");
            case PENDING -> said.that("Ready", Status.FALSE, "Pending", "no other cluster has taken it over yet");
        };
    }

    private static Condition permitted(Said said, ExportDecision.Verdict verdict) {
        return said.that(
                "beringia.io/Permitted",
                verdict == ExportDecision.Verdict.PERMITTED ? Status.TRUE : Status.FALSE,
                verdict.word(),
                words(verdict));
    }

    private static String words(ExportDecision.Verdict verdict) {
        return switch (verdict) {
            case PERMITTED -> "";
            case DENIED_BY_POLICY ->
                "its ExportPolicies and its annotation beringia.io/export-to together admit no peer";
            case DENIED_BY_DEFAULT -> "nothing is exported by default from this cluster or this namespace";
        };
    }

    private static Condition conflict(Said said, Import merged) {
        if (merged.conflicts().isEmpty()) {
            return said.that("Conflict", Status.FALSE, "NoConflicts", "");
        }
        String properties =
                merged.conflicts().stream().map(ConflictReason::property).collect(Collectors.joining(", "));
        return said.that(
                "Conflict",
                Status.TRUE,
                merged.conflicts().stream().map(ConflictReason::word).collect(Collectors.joining(",")),
                properties + ": the export of " + merged.leader() + " is the oldest and wins, " + merged.disagreeing()
                        + " of " + merged.clusters().size() + " clusters disagree");
    }

    /** Whether all that is wanted is said, whenever that came to be. */
    static boolean areMet(List<Condition> wanted, List<Condition> seen) {
        return wanted.stream().allMatch(one -> seen.stream().anyMatch(one::saysAs));
    }

    /** Says conditions, and remembers since when they stand. */
    record Said(List<Condition> before, long generation, Instant now) {
        Condition that(String type, Status status, String reason, String message) {
            Instant since = before.stream()
                    .filter(old -> old.type().equals(type) && old.status() == status)
                    .map(Condition::since)
                    .findFirst()
                    .orElse(Instant.ofEpochSecond(now.getEpochSecond()));
            return new Condition(type, status, reason, message, generation, since);
        }
    }
}
