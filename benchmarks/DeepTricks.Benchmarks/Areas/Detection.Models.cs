using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>Detectors in two stages, and the operators they are made of.</summary>
public static partial class Detection
{
    private const long Height = 600, Width = 800, TrainingHeight = 400, TrainingWidth = 544;

    /// <summary>A picture of 800 x 600 through a model on ResNet-50 in evaluation, as it comes from its file: boxes of the picture, and masks.</summary>
    public abstract class Inference(Func<ImageTransformOptions, GeneralizedRcnn> make) : Case
    {
        private GeneralizedRcnn _model = null!;
        private Tensor _picture = null!;

        public override void SetUp()
        {
            _model = Fill(make(new() { MinSizes = [(int)Height] }));
            _model.eval();
            _picture = Picture(Height, Width);
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _model.Detect(_picture);
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.Detect(_picture)[0].Scores.narrow(0, 0, 10).sum().item<float>();
        }
    }

    [PeakMemory]
    [CaseName("fasterrcnn-inference")]
    public class FasterRcnnInference() : Inference(transform => FasterRcnn.ResNet50(new() { Transform = transform }));

    [CaseName("maskrcnn-inference")]
    public class MaskRcnnInference() : Inference(transform => MaskRcnn.ResNet50(new() { Transform = transform }));

    /// <summary>A step of SGD with momentum on a picture of 544 x 400 with four objects; the stem and the first stage are frozen.</summary>
    [PeakMemory]
    [CaseName("fasterrcnn-train")]
    public class FasterRcnnTrain : Case
    {
        private GeneralizedRcnn _model = null!;
        private optim.Optimizer _optimizer = null!;
        private Tensor _picture = null!;
        private DetectionTarget _target = null!;

        public override void SetUp()
        {
            _model = Fill(FasterRcnn.ResNet50(new() { Transform = new() { MinSizes = [(int)TrainingHeight] } }));
            _optimizer = optim.SGD(_model.parameters().Where(parameter => parameter.requires_grad), 1e-7, momentum: 0.9);
            _picture = Picture(TrainingHeight, TrainingWidth);
            _target = new(tensor(new float[] { 20, 30, 180, 220, 200, 40, 420, 380, 300, 100, 360, 190, 430, 250, 530, 390 }, [4, 4]), tensor(new long[] { 1, 18, 44, 7 }));
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            _model.call([_picture], [_target]).TotalLoss().backward();
            _optimizer.step();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _model.parameters().Sum(parameter => parameter.abs().sum().item<float>());
        }
    }

    private static Tensor Picture(long height, long width)
    {
        using var scope = NewDisposeScope();
        return nn.functional.interpolate(Golden.Tensor("picture", [1, 3, 15, 20], 0.45, 0.5), [height, width], mode: InterpolationMode.Bilinear, align_corners: false)[0]
            .MoveToOuterDisposeScope();
    }

    /// <summary>Weights by the formula, with the scores further from each other, so that there are objects to find.</summary>
    private static GeneralizedRcnn Fill(GeneralizedRcnn model)
    {
        using var _ = no_grad();
        var weights = Golden.Fill(model).state_dict();
        weights["rpn.head.cls_logits.weight"].mul_(256);
        weights["roi_heads.box_predictor.cls_score.weight"].mul_(512);
        return model;
    }
}
