/** The main job once through on one machine: two regions as separate processes on loopback, faults, and a verdict. */
@NullMarked
package io.beringia.scenarios.demo;

import org.jspecify.annotations.NullMarked;
