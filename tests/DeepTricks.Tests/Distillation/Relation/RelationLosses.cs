using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>All losses over relations as functions of lists of layers, by the names of the fixtures: loss and preset.</summary>
internal static class RelationLosses
{
    public delegate Tensor Loss(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher);

    private static readonly Dictionary<string, Loss> All = new()
    {
        ["rkd rep_distiller"] = One(new RkdLoss(RkdLossOptions.RepDistiller)),
        ["rkd zoo"] = One(new RkdLoss()),
        ["rkd official"] = One(new RkdLoss(RkdLossOptions.Official)),
        ["rkd torch_distill"] = One(new RkdLoss(RkdLossOptions.Official)),
        ["rkd mm_razor"] = One(new RkdLoss(RkdLossOptions.MmRazor)),
        ["rkd kd_lib"] = One(new RkdLoss(RkdLossOptions.KdLib)),
        ["rkd distance"] = One(new RkdLoss(new() { DistanceWeight = 1, AngleWeight = 0 })),
        ["rkd angle"] = One(new RkdLoss(new() { DistanceWeight = 0, AngleWeight = 1 })),
        ["sp rep_distiller"] = One(new SimilarityPreservingLoss()),
        ["sp torch_distill"] = One(new SimilarityPreservingLoss(SimilarityPreservingLossOptions.TorchDistill)),
        ["cc knowledge_distillation_zoo"] = One(new CorrelationCongruenceLoss(CorrelationCongruenceLossOptions.KnowledgeDistillationZoo)),
        ["cc order_5"] = One(new CorrelationCongruenceLoss(new() { Gamma = 0.7, Order = 5 })),
        ["cc torch_distill"] = One(new CorrelationCongruenceLoss(CorrelationCongruenceLossOptions.TorchDistill)),
        ["cc torch_distill_bilinear"] = One(new CorrelationCongruenceLoss(CorrelationCongruenceLossOptions.TorchDistillBilinear)),
        ["cc-consecutive rep_distiller"] = (student, teacher) => ConsecutiveCorrelationLoss.Compute(student[0], teacher[0]),
        ["irg knowledge_distillation_zoo"] = new InstanceRelationshipLoss().call,
        ["fsp rep_distiller"] = new FspLoss(FspLossOptions.RepDistiller).call,
        ["fsp torch_distill"] = new FspLoss(FspLossOptions.TorchDistill).call,
        ["ickd torch_distill"] = One(new ChannelCorrelationLoss()),
        ["kd-svd rep_distiller"] = new KdSvdLoss().call,
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Loss Of(string name) => All[name];

    /// <summary>Layers that a loss takes: two maps, features and scores for a graph, two maps for a flow, else one map or features.</summary>
    public static (Tensor[] Student, Tensor[] Teacher) Inputs(string name, ScalarType dtype, long batch = 7)
    {
        long[][] shapes = name.Split(' ')[0] switch
        {
            "irg" => [[batch, 4, 6, 6], [batch, 8, 3, 3], [batch, 10], [batch, 5]],
            "fsp" or "kd-svd" => [[batch, 4, 6, 6], [batch, 8, 3, 3]],
            "ickd" => [[batch, 4, 3, 3]],
            _ => [[batch, 12]],
        };
        var student = shapes.Select((shape, i) => Golden.Tensor($"student{i}", shape, dtype: dtype).requires_grad_()).ToArray();
        return (student, [.. shapes.Select((shape, i) => Golden.Tensor($"teacher{i}", shape, dtype: dtype))]);
    }

    private static Loss One(nn.Module<Tensor, Tensor, Tensor> loss) => (student, teacher) => loss.call(student[0], teacher[0]);
}
