/** Models as ONNX graphs, and what ONNX Runtime makes of them. */
@NullMarked
package io.secateur.quantization.onnx;

import org.jspecify.annotations.NullMarked;
