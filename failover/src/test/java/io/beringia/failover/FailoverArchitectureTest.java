package io.beringia.failover;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;

/** The arrows of this module, and the few packages in which each heavy dependency may stand. */
@AnalyzeClasses(packages = "io.beringia.failover", importOptions = ImportOption.DoNotIncludeTests.class)
final class FailoverArchitectureTest {
    private static final DescribedPredicate<JavaClass> IMPURE = resideInAnyPackage(
                    "io.netty..",
                    "io.grpc..",
                    "java.net..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.util.concurrent..")
            .or(type(Thread.class))
            .or(assignableTo(Clock.class))
            .or(assignableTo(InstantSource.class))
            .or(assignableTo(Random.class))
            .as("Netty, gRPC, sockets, files, clocks, threads or randomness");

    private static final DescribedPredicate<AccessTarget.CodeUnitAccessTarget> READS_A_CLOCK = describe(
            "reads a clock",
            call -> call.getName().equals("now")
                            && call.getOwner().getPackageName().equals("java.time")
                    || call.getOwner().isEquivalentTo(System.class)
                            && (call.getName().equals("nanoTime")
                                    || call.getName().equals("currentTimeMillis")));

    @ArchTest
    static final ArchRule sees_only_the_contracts_of_trust = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.beringia.trust..")
                    .and(resideOutsideOfPackages(
                            "io.beringia.trust.identity..",
                            "io.beringia.trust.client..",
                            "io.beringia.trust.ledger..")))
            .because("a module imports only the contract packages of another")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule sees_only_the_contracts_of_discovery = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.beringia.discovery..")
                    .and(resideOutsideOfPackages("io.beringia.discovery.catalog..", "io.beringia.discovery.wire..")))
            .because("a module imports only the contract packages of another")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule never_sees_gateway = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.beringia.gateway..", "io.beringia.cli..", "io.beringia.scenarios..")
            .because("gateway and failover never see each other")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule bouncy_castle_is_not_used = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..")
            .because("certificates are parsed and signed in trust.pki")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule fabric8_is_not_used = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..")
            .because("one package talks to a kube API")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule zookeeper_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .and()
            .resideOutsideOfPackages("io.beringia.failover.zookeeper..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..")
            .because("one package talks to ZooKeeper")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule grpc_is_not_used = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
            .because("messages end at the rim, values go on")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule http_server_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .and()
            .resideOutsideOfPackages("io.beringia.failover.console..", "io.beringia.failover.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.net.httpserver..")
            .because("nothing of it stands on the data path")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule netty_is_not_used = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..")
            .because("TLS of gRPC is built through TlsChannelCredentials and TlsServerCredentials")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule picocli_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .and()
            .resideOutsideOfPackages("io.beringia.failover.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..")
            .because("commands stand together")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule json_and_yaml_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.failover..")
            .and()
            .resideOutsideOfPackages(
                    "io.beringia.failover.cli..",
                    "io.beringia.failover.console..",
                    "io.beringia.failover.operator..",
                    "io.beringia.failover.record..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..", "org.snakeyaml..")
            .because("readers stand at the rim; inside there are records")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decision_is_pure = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.failover.decision..", "io.beringia.failover.health..")
            .should()
            .dependOnClassesThat(IMPURE)
            .because("clock, I/O, threads and randomness come in as arguments")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decision_reads_no_clock = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.failover.decision..", "io.beringia.failover.health..")
            .should()
            .callMethodWhere(target(READS_A_CLOCK))
            .because("time comes in as an argument")
            .allowEmptyShould(true);
}
