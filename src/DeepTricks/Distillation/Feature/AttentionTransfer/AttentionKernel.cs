using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Attention transfer of two maps of one size in one pass over each, with p = 2. What the way back needs is one number a place; the gradient takes one
/// more pass over the student's map. Maps come with the channels first or last, as they lie in memory.
/// </summary>
internal sealed unsafe class AttentionKernel(AttentionTransferLossOptions options, bool studentLast, bool teacherLast) : IFusedLoss
{
    /// <summary>dL/df = f · slope, before the gradient of the loss itself.</summary>
    private float[] _slopes = [];

    public bool GivesGradient => false;

    /// <summary>The loss of maps [N, C, H, W] in single precision on the CPU; to be called inside a dispose scope.</summary>
    public static Tensor Of(Tensor student, Tensor teacher, AttentionTransferLossOptions options)
    {
        var (studentLast, teacherLast) = (HasChannelsLast(student), HasChannelsLast(teacher));
        return FusedFunction.Of(new AttentionKernel(options, studentLast, teacherLast), Turned(student, studentLast), Turned(teacher, teacherLast));

        static Tensor Turned(Tensor map, bool last) => last ? map.permute(0, 2, 3, 1) : map;
    }

    public Tensor Forward(Tensor scores, Tensor? masks, Tensor? gradient)
    {
        using var teacherMap = masks!.contiguous();
        var (samples, places) = (scores.shape[0], Places(scores, studentLast));
        var (channels, teacherChannels) = (Channels(scores, studentLast), Channels(masks, teacherLast));
        float* student = scores.Address<float>(), teacher = teacherMap.Address<float>();
        var (losses, slopes) = (new double[samples], new float[samples * places]);
        RowParallel.For(samples, (long)(channels + teacherChannels) * places, (from, to) =>
        {
            var teachers = new float[places];
            for (var n = from; n < to; n++)
            {
                var own = slopes.AsSpan((int)n * places, places);
                ChannelEnergy.Sum(student + (n * channels * places), channels, studentLast, Share(channels), own);
                ChannelEnergy.Sum(teacher + (n * teacherChannels * places), teacherChannels, teacherLast, Share(teacherChannels), teachers);
                losses[n] = Compare(own, teachers, samples, 2 * Share(channels));
            }
        });
        _slopes = slopes;
        return tensor((float)losses.Sum());
    }

    public Tensor Backward(Tensor scores, Tensor? masks, Tensor upstream)
    {
        var gradient = empty_like(scores);
        var (channels, places) = (Channels(scores, studentLast), Places(scores, studentLast));
        float* student = scores.Address<float>(), to = gradient.Address<float>();
        var factor = *upstream.Address<float>();
        RowParallel.For(scores.shape[0], (long)channels * places, (first, end) =>
        {
            for (var n = first; n < end; n++)
            {
                var at = n * channels * places;
                ChannelEnergy.Back(student + at, channels, studentLast, _slopes.AsSpan((int)n * places, places), factor, to + at);
            }
        });
        return gradient;
    }

    public Tensor InTensors(Tensor scores, Tensor? masks) =>
        AttentionTransferLoss.InTensors(studentLast ? scores.permute(0, 3, 1, 2) : scores, teacherLast ? masks!.permute(0, 3, 1, 2) : masks!, options);

    private static bool HasChannelsLast(Tensor map)
    {
        if (map.is_contiguous())
        {
            return false;
        }

        using var turned = map.permute(0, 2, 3, 1);
        return turned.is_contiguous();
    }

    private static int Channels(Tensor map, bool last) => (int)map.shape[last ? 3 : 1];

    private static int Places(Tensor map, bool last) => (int)(map.shape[last ? 1 : 2] * map.shape[last ? 2 : 3]);

    private float Share(int channels) => options.SumChannels ? 1 : 1f / channels;

    /// <summary>The share of a sample in the loss; its energies become their slopes, times <paramref name="factor"/>.</summary>
    private double Compare(Span<float> student, Span<float> teacher, long samples, double factor)
    {
        var (norm, divisor) = Normalized(student);
        var (_, teacherDivisor) = Normalized(teacher);
        var (square, along) = PlaceVectors.Subtract(student, (float)(1 / divisor), teacher, (float)(1 / teacherDivisor));

        // L = share · Σ difference², or the root of it, and dL/dmap = slope · difference.
        var (loss, slope) = options.Distance == MapDistance.MeanSquare
            ? (square / (samples * student.Length), 2.0 / (samples * student.Length))
            : (Math.Sqrt(square) / samples, square > 0 ? 1 / (Math.Sqrt(square) * samples) : 0);

        // The divisor is the norm, which depends on the map, unless the epsilon stands in for it.
        var radial = norm == 0 || (!options.AddEpsilon && norm < options.Epsilon) ? 0 : along / norm;
        var outer = factor * slope / divisor;
        PlaceVectors.Combine(teacher, (float)outer, student, (float)(-outer * radial));
        return loss;
    }

    private (double Norm, double Divisor) Normalized(ReadOnlySpan<float> energy)
    {
        var norm = Math.Sqrt(PlaceVectors.SumOfSquares(energy));
        return (norm, options.AddEpsilon ? norm + options.Epsilon : Math.Max(norm, options.Epsilon));
    }
}
