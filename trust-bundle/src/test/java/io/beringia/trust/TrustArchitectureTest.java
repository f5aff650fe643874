package io.beringia.trust;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.beringia.trust.client.GrpcTls;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;

/** The arrows of this module, and the few packages in which each heavy dependency may stand. */
@AnalyzeClasses(packages = "io.beringia.trust", importOptions = ImportOption.DoNotIncludeTests.class)
final class TrustArchitectureTest {
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
    static final ArchRule depends_on_nothing_of_ours = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.beringia.discovery..",
                    "io.beringia.gateway..",
                    "io.beringia.failover..",
                    "io.beringia.cli..",
                    "io.beringia.scenarios..")
            .because("identity words belong here and to nobody else")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ledger_uses_identity_only = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.ledger..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.beringia..")
                    .and(resideOutsideOfPackages("io.beringia.trust.ledger..", "io.beringia.trust.identity..")))
            .because("a ledger is verified without the rest of us")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ledger_is_jdk_only = classes()
            .that()
            .resideInAPackage("io.beringia.trust.ledger..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.beringia.trust.ledger..",
                    "io.beringia.trust.identity..",
                    "java..",
                    "javax.net.ssl..",
                    "com.sun.net.httpserver..",
                    "org.jspecify..",
                    "com.google.errorprone..")
            .because("an auditor needs a JDK and nothing of anybody's")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule client_uses_identity_and_pki_only = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.beringia..")
                    .and(resideOutsideOfPackages(
                            "io.beringia.trust.client..", "io.beringia.trust.identity..", "io.beringia.trust.pki..")))
            .because("a contract drags nothing along")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule bouncy_castle_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages("io.beringia.trust.pki..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..")
            .because("certificates are parsed and signed in trust.pki")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule fabric8_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages("io.beringia.trust.kube..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..")
            .because("one package talks to a kube API")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule zookeeper_is_not_used = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..")
            .because("one package talks to ZooKeeper")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule grpc_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages(
                    "io.beringia.trust.client..", "io.beringia.trust.issuance..", "io.beringia.trust.workload..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "com.google.protobuf..")
            .because("messages end at the rim, values go on")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule http_server_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages(
                    "io.beringia.trust.federation..", "io.beringia.trust.ledger..", "io.beringia.trust.rotator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun.net.httpserver..")
            .because("nothing of it stands on the data path")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule netty_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages("io.beringia.trust.workload..")
            .and()
            .doNotBelongToAnyOf(GrpcTls.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..")
            .because("TLS of gRPC is built in one place, as its own credentials leave no choice of versions")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule picocli_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages("io.beringia.trust.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..")
            .because("commands stand together")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule json_and_yaml_stays_in_its_packages = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust..")
            .and()
            .resideOutsideOfPackages(
                    "io.beringia.trust.cli..", "io.beringia.trust.federation..", "io.beringia.trust.rotator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..", "org.snakeyaml..")
            .because("readers stand at the rim; inside there are records")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule identity_is_jdk_only = classes()
            .that()
            .resideInAPackage("io.beringia.trust.identity..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.beringia.trust.identity..",
                    "java..",
                    "javax.security..",
                    "org.jspecify..",
                    "com.google.errorprone..")
            .because("every other contract stands on it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule identity_is_pure = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.identity..")
            .should()
            .dependOnClassesThat(IMPURE)
            .because("clock, I/O, threads and randomness come in as arguments")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule identity_reads_no_clock = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.identity..")
            .should()
            .callMethodWhere(target(READS_A_CLOCK))
            .because("time comes in as an argument")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule rotation_is_pure = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.rotation..")
            .should()
            .dependOnClassesThat(IMPURE)
            .because("a simulator plays it, with a clock and a mesh of its own");

    @ArchTest
    static final ArchRule rotation_reads_no_clock = noClasses()
            .that()
            .resideInAPackage("io.beringia.trust.rotation..")
            .should()
            .callMethodWhere(target(READS_A_CLOCK))
            .because("time comes in as an argument");
}
