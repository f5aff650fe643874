/** The plan of the mesh: fetched from ZooKeeper, proven, kept. The only package that knows ZooKeeper. */
@NullMarked
package io.beringia.discovery.plan;

import org.jspecify.annotations.NullMarked;
