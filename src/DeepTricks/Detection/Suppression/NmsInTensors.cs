using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>Non-maximum suppression in tensor operations: the overlaps are computed where the boxes are, and one read brings them to the host.</summary>
internal static class NmsInTensors
{
    /// <summary>Rows of overlaps that are computed at once, so that memory grows with the number of boxes and not with its square.</summary>
    private const long Block = 1_024;

    /// <summary>The indices, int64, of what stays of boxes that come best first.</summary>
    public static Tensor Keep(Tensor boxes, double iouThreshold)
    {
        var count = boxes.shape[0];
        var wide = Boxes.Wide(boxes);
        var dropped = new bool[count];
        var kept = new List<long>();
        for (var from = 0L; from < count; from += Block)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(Block, count - from);
            var overlaps = BoxOverlap.EveryPair(wide.narrow(0, from, rows), wide.narrow(0, from, count - from)).Iou;

            // torchvision compares with the threshold in double precision on the CPU, and in the boxes' own elsewhere.
            var suppresses = (boxes.is_cpu() ? overlaps.to(ScalarType.Float64) : overlaps).gt(iouThreshold).cpu().Values<bool>();
            for (var row = 0L; row < rows; row++)
            {
                if (dropped[from + row])
                {
                    continue;
                }

                kept.Add(from + row);
                var line = suppresses.AsSpan((int)(row * (count - from)), (int)(count - from));
                for (var other = (int)row + 1; other < line.Length; other++)
                {
                    dropped[from + other] |= line[other];
                }
            }
        }

        return tensor(kept.ToArray(), device: boxes.device);
    }
}
