using DeepTricks.Backbones;
using DeepTricks.Interpretability;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Benchmarks.Areas;

/// <summary>What a network looks at, and how.</summary>
public static partial class Interpretability
{
    /// <summary>
    /// Score-CAM of the 512 channels of ResNet-18's last stage for one image of 112 x 112, in batches of 16. As after any ReLU some channels are dead: 22% with
    /// these weights.
    /// </summary>
    [PeakMemory]
    [CaseName("score-cam")]
    public class ScoreCamOfResnet18 : Case
    {
        private const long Size = 112;
        private ResNet _model = null!;
        private ScoreCam _mapper = null!;
        private Tensor _image = null!;

        public override void SetUp()
        {
            _model = Golden.Fill(new ResNet(ResNetOptions.ResNet18 with { NumClasses = 100 }));
            _mapper = new(_model, "layer4");
            using var scope = NewDisposeScope();
            _image = nn.functional.interpolate(Golden.Tensor("images", [1, 3, 6, 8]), [Size, Size], mode: InterpolationMode.Bilinear, align_corners: false)
                .MoveToOuterDisposeScope();
        }

        public override void Run()
        {
            using var scope = NewDisposeScope();
            _mapper.Explain(_image).Normalized();
        }

        protected override double Result()
        {
            using var scope = NewDisposeScope();
            return _mapper.Explain(_image).Normalized().sum().item<float>();
        }
    }
}
