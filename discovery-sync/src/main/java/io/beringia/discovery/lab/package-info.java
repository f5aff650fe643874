/**
 * A small Kubernetes API over a directory of manifests, for laptops, tests and the demo. It schedules nothing and runs
 * nothing; it only says what the manifests say, and whether the pods in them answer.
 */
@NullMarked
package io.beringia.discovery.lab;

import org.jspecify.annotations.NullMarked;
