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
@AnalyzeClasses(packages = "io.beringia", importOptions = ImportOption.DoNotIncludeTests.class)
final class ScenariosArchitectureTest {
    private static final Set<String> LAB_SERVERS = Set.of("LabApiServer", "EmbeddedZooKeeper");

    private static final DescribedPredicate<JavaClass> OF_A_MODULE = resideInAnyPackage(
            "io.beringia.trust..", "io.beringia.discovery..", "io.beringia.gateway..", "io.beringia.failover..");

    private static final DescribedPredicate<JavaClass> CONTRACT_OR_COMMAND = resideInAnyPackage(
            "io.beringia.trust.identity..",
            "io.beringia.trust.client..",
            "io.beringia.trust.ledger..",
            "io.beringia.discovery.catalog..",
            "io.beringia.discovery.wire..",
            "io.beringia.*.cli..");

    private static final DescribedPredicate<JavaClass> WIRING =
            describe("wiring, configuration or a lab server", type -> {
                String name = outermost(type).getSimpleName();
                return name.endsWith("Main") || name.endsWith("Config") || LAB_SERVERS.contains(name);
            });

    @ArchTest
    static final ArchRule sees_only_the_rim_of_each_module = noClasses()
            .that()
            .resideInAnyPackage("io.beringia.cli..", "io.beringia.scenarios..")
            .and()
            .resideOutsideOfPackage("io.beringia.scenarios.world..")
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
                    "com.google.protobuf..",
                    "io.netty..")
            .because("each has its one package in the module that owns it");

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass()
                .map(ScenariosArchitectureTest::outermost)
                .orElse(type);
    }
}
