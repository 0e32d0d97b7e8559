/** 8-bit quantization: its stage, int8 checkpoints, the ONNX format and its runtime's metrics. */
@NullMarked
package io.secateur.quantization;

import org.jspecify.annotations.NullMarked;
