package io.beringia.scenarios;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** What launcher and drills may see of the modules: how a role is wired and configured, its commands, the contracts. */
@AnalyzeClasses(
        packages = {"io.beringia.cli", "io.beringia.scenarios"},
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ScenariosArchitectureTest {
    private static final Set<String> LAB_SERVERS = Set.of("LabApiServer", "EmbeddedZooKeeper");

    private static final String BENCH = "io.beringia.scenarios.bench..";

    private static final DescribedPredicate<JavaClass> OF_A_MODULE = resideInAnyPackage(
            "io.beringia.trust..", "io.beringia.discovery..", "io.beringia.gateway..", "io.beringia.failover..");

    private static final DescribedPredicate<JavaClass> CONTRACT_OR_COMMAND = resideInAnyPackage(
            "io.beringia.trust.identity..",
            "io.beringia.trust.client..",
            "io.beringia.trust.ledger..",
            "io.beringia.discovery.catalog..",
            "io.beringia.discovery.wire..",
            "io.beringia.*.cli..");

    private static final Set<String> TAKEN_AND_GIVEN = Set.of(
            "ForeignDomain",
            "FrameRates",
            "HandshakeRates",
            "HostLimits",
            "KeyCustody",
            "LedgerTelemetry",
            "MaxAge",
            "PeerAllowance",
            "PeerLimits",
            "Readiness",
            "Residue",
            "RevocationTelemetry",
            "RotationTiming",
            "StalePolicy",
            "VerdictTelemetry",
            "VipRange",
            "WorkloadEntry");

    private static final DescribedPredicate<JavaClass> WIRING =
            describe("wiring, configuration, what wiring takes and gives, or a lab server", type -> {
                String name = outermost(type).getSimpleName();
                return name.endsWith("Main")
                        || name.endsWith("Config")
                        || TAKEN_AND_GIVEN.contains(name)
                        || LAB_SERVERS.contains(name);
            });

    @ArchTest
    static final ArchRule sees_only_the_rim_of_each_module = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.cli..", "io.beringia.scenarios..")
            .and()
            .resideOutsideOfPackages("io.beringia.scenarios.world..", BENCH)
            .should()
            .dependOnClassesThat(
                    OF_A_MODULE.and(DescribedPredicate.not(CONTRACT_OR_COMMAND)).and(DescribedPredicate.not(WIRING)))
            .because("a role is started by its wiring class and asked through its sockets");

    @ArchTest
    static final ArchRule heavy_dependencies_stay_in_the_modules = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.cli..", "io.beringia.scenarios..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.bouncycastle..",
                    "io.fabric8..",
                    "org.apache.curator..",
                    "org.apache.zookeeper..",
                    "io.grpc..",
                    "com.google.protobuf..")
            .because("each has its one package in the module that owns it");

    @ArchTest
    static final ArchRule only_the_bench_speaks_with_proxies_itself = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.cli..", "io.beringia.scenarios..")
            .and()
            .resideOutsideOfPackage(BENCH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("a client that is measured with must be as cheap as what it measures");

    @ArchTest
    static final ArchRule the_bench_sees_ends_and_streams_of_the_gateway = noClasses()
            .that()
            .resideInAPackage(BENCH)
            .should()
            .dependOnClassesThat(OF_A_MODULE
                    .and(DescribedPredicate.not(CONTRACT_OR_COMMAND))
                    .and(DescribedPredicate.not(WIRING))
                    .and(DescribedPredicate.not(
                            resideInAnyPackage("io.beringia.gateway.http2..", "io.beringia.gateway.relay.."))))
            .because("what it measures runs in processes of its own");

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass()
                .map(ScenariosArchitectureTest::outermost)
                .orElse(type);
    }
}
