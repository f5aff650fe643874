package io.beringia.scenarios.world;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Which rules and owned cores of the modules the world plays with, by name: nothing of theirs that has a thread or a socket. */
@AnalyzeClasses(packages = "io.beringia.scenarios.world")
final class WorldArchitectureTest {
    private static final Set<String> PLAYED = Set.of(
            // what gateways see and do
            "Own",
            "Look",
            "PathTable",
            "ProbePlan",
            "ReportRules",
            "SelfHealth",
            "Symptoms",
            "Budgets",
            "Cost",
            "DialRace",
            "DialRules",
            "Authority",
            "Candidate",
            "Carried",
            "ConnectRequest",
            "ListenerRole",
            "PeerIdentity",
            "Refusal",
            "Routing",
            "Self",
            "TunnelRouter",
            // how it ends
            "LoopOutcomes",
            "OutcomeKey",
            "OutcomeLog",
            "Outcomes",
            "Relay",
            "Reset",
            // what a discovery makes of it
            "AcceptedPlan",
            "Audience",
            "EvidenceBoard",
            "Export",
            "FederatedService",
            "FederationView",
            "LocalOverrides",
            "MergeRules",
            "OwnObjects",
            "OwnReadiness",
            "PlanRules",
            "Projection",
            "ReflexLoop",
            "RemovalGuard",
            // what a leader decides
            "Cause",
            "Controller",
            "Decision",
            "DecisionBasis",
            "DecisionFile",
            "DecisionRecord",
            "Epoch",
            "FailoverConfig",
            "FailoverPolicy",
            "FailoverTelemetry",
            "FailoverTiming",
            "LeaderView",
            "OperatorCommand",
            "OperatorRules",
            "PlanSeal",
            "PlanStore",
            "Reply",
            "SafetyRule",
            "SiteEvidence",
            "Sites",
            "Term");

    private static final DescribedPredicate<JavaClass> PLAYED_WITH =
            describe("listed here", type -> PLAYED.contains(outermost(type).getSimpleName()));

    @ArchTest
    static final ArchRule sees_only_what_is_listed = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "io.beringia.trust..",
                            "io.beringia.discovery..",
                            "io.beringia.gateway..",
                            "io.beringia.failover..")
                    .and(DescribedPredicate.not(resideInAnyPackage(
                            "io.beringia.trust.identity..",
                            "io.beringia.discovery.catalog..",
                            "io.beringia.discovery.wire..",
                            "io.beringia.failover.health..")))
                    .and(DescribedPredicate.not(PLAYED_WITH)))
            .because("a world is made of rules, and of nothing that waits");

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(WorldArchitectureTest::outermost).orElse(type);
    }
}
