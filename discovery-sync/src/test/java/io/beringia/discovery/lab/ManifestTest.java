package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ManifestTest {
    @Test
    void every_document_of_a_file_is_an_object() {
        Manifest.Reading reading = Manifest.read("shop.yaml", """
                # The shop.
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                --- # its cart
                apiVersion: v1
                kind: Service
                metadata: {name: cart, namespace: shop}
                ---
                """);

        assertThat(reading.problems()).as("problems").isEmpty();
        assertThat(reading.manifests())
                .extracting(Manifest::key)
                .as("what is said")
                .containsExactly(ObjectKey.namespace("shop"), new ObjectKey(LabKind.SERVICE, "shop", "cart"));
    }

    @Test
    void a_broken_document_is_named_by_line_and_the_others_are_served() {
        Manifest.Reading reading = Manifest.read("shop.yaml", """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: cart
                spec: [
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-1, namespace: shop}
                """);

        assertThat(reading.manifests())
                .extracting(one -> one.key().name())
                .as("the whole documents")
                .containsExactly("shop", "cart-1");
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).as("file").isEqualTo("shop.yaml");
            assertThat(problem.line()).as("line").isBetween(7, 9);
        });
    }

    @Test
    void an_unknown_kind_and_a_missing_name_are_named_where_their_document_begins() {
        Manifest.Reading reading = Manifest.read("apps.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: cart}
                ---

                # nameless
                apiVersion: v1
                kind: Pod
                """);

        assertThat(reading.manifests()).as("what is said").isEmpty();
        assertThat(reading.problems())
                .extracting(ManifestProblem::line)
                .as("lines")
                .containsExactly(1, 7);
        assertThat(reading.problems().getFirst().toString())
                .as("the sentence")
                .startsWith("apps.yaml:1: apiVersion \"apps/v1\", kind \"Deployment\" (expected: ");
    }

    @Test
    void a_key_said_twice_is_broken() {
        Manifest.Reading reading = Manifest.read("twice.yaml", """
                apiVersion: v1
                kind: Pod
                kind: Service
                metadata: {name: cart}
                """);

        assertThat(reading.problems()).as("problems").hasSize(1);
        assertThat(reading.manifests()).as("what is said").isEmpty();
    }
}
