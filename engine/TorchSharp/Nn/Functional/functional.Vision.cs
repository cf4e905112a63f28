using static TorchSharp.Native.Operators;
using static TorchSharp.Sizes;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Reflect => aten("pad", input, pad, "reflect"),
                PaddingModes.Replicate => aten("pad", input, pad, "replicate"),
                PaddingModes.Circular => aten("pad", input, pad, "circular"),
                _ => aten("constant_pad_nd", input, pad, value),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Tuple(pad), mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, new[] { pad.Item1, pad.Item2, pad.Item3, pad.Item4 }, mode, value);

            /// <summary>Pads every dimension on both sides, that of the batch too.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Same(pad, 2 * (int)input.ndim), mode, value);

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // libtorch counts these modes in another order.
                var interpolation = mode == GridSampleMode.Nearest ? 1L : 0L;
                var padding = padding_mode switch { GridSamplePaddingMode.Border => 1L, GridSamplePaddingMode.Reflection => 2L, _ => 0L };
                return aten("grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                aten("affine_grid_generator", theta, size ?? [], align_corners);

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => aten("pixel_shuffle", input, upscale_factor);
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => aten("pixel_unshuffle", input, downscale_factor);

            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is { Length: 0 }) size = null;
                if (scale_factor is { Length: 0 }) scale_factor = null;
                if (size is null == scale_factor is null) throw new ArgumentException("interpolate takes either size or scale_factor.", nameof(size));
                var dimensions = (int)x.ndim - 2;
                if ((size?.Length ?? scale_factor!.Length) != dimensions)
                    throw new ArgumentException($"The input has {dimensions} spatial dimensions, the size or factor {size?.Length ?? scale_factor!.Length}.", nameof(size));
                var aligns = mode is InterpolationMode.Linear or InterpolationMode.Bilinear or InterpolationMode.Bicubic or InterpolationMode.Trilinear;
                if (align_corners is not null && !aligns) throw new ArgumentException($"The mode {mode} does not align corners.", nameof(align_corners));
                if (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic)) throw new ArgumentException($"The mode {mode} has no antialiasing.", nameof(antialias));
                if (scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area)) (size, scale_factor) = (Scaled(x, scale_factor), null);
                var corners = align_corners ?? false;
                return (mode, dimensions) switch
                {
                    (InterpolationMode.Nearest, 1) => aten("upsample_nearest1d.vec", x, size, scale_factor),
                    (InterpolationMode.Nearest, 2) => aten("upsample_nearest2d.vec", x, size, scale_factor),
                    (InterpolationMode.Nearest, 3) => aten("upsample_nearest3d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 1) => aten("_upsample_nearest_exact1d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 2) => aten("_upsample_nearest_exact2d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 3) => aten("_upsample_nearest_exact3d.vec", x, size, scale_factor),
                    (InterpolationMode.Area, 1) => aten("adaptive_avg_pool1d", x, size),
                    (InterpolationMode.Area, 2) => aten("adaptive_avg_pool2d", x, size),
                    (InterpolationMode.Area, 3) => aten("adaptive_avg_pool3d", x, size),
                    (InterpolationMode.Linear, 1) => aten("upsample_linear1d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) when antialias => aten("_upsample_bilinear2d_aa.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => aten("upsample_bilinear2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) when antialias => aten("_upsample_bicubic2d_aa.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => aten("upsample_bicubic2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => aten("upsample_trilinear3d.vec", x, size, corners, scale_factor),
                    _ => throw new ArgumentException($"The mode {mode} does not fit an input with {dimensions} spatial dimensions.", nameof(mode)),
                };
            }

            private static long[] Scaled(Tensor x, double[] factors)
            {
                var sizes = new long[factors.Length];
                for (var i = 0; i < sizes.Length; i++) sizes[i] = (long)Math.Floor(x.size(i + 2) * factors[i]);
                return sizes;
            }

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, mode == UpsampleMode.Nearest ? null : align_corners);

            public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                upsample(x, size, scale_factor, UpsampleMode.Bilinear, align_corners);

            public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                upsample(x, size, scale_factor, UpsampleMode.Nearest, align_corners);

            public static Tensor upsample_nearest1d(Tensor input, long? outputSize, double? scaleFactor) =>
                aten("upsample_nearest1d.vec", input, outputSize is { } size ? new[] { size } : null, scaleFactor is { } factor ? new[] { factor } : null);

            public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) =>
                aten("upsample_nearest2d.vec", input, outputSizes, scaleFactors);

            public static Tensor upsample_nearest3d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) =>
                aten("upsample_nearest3d.vec", input, outputSizes, scaleFactors);
        }
    }
}
