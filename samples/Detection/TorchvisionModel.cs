using DeepTricks.Checkpoints;
using DeepTricks.Detection;

namespace DetectionSample;

/// <summary>Finds out by the names in a checkpoint which of torchvision's detectors it belongs to.</summary>
internal static class TorchvisionModel
{
    private const string Classifier = "roi_heads.box_predictor.cls_score.weight";
    private const string MaskPredictor = "roi_heads.mask_predictor.mask_fcn_logits.weight";
    private const string SecondVersion = "roi_heads.box_head.5.weight";
    private const string ResNet = "backbone.body.layer4.2.conv3.weight";
    private const string MobileNet = "backbone.body.16.0.weight";

    /// <summary>The model with the checkpoint's weights, in evaluation mode, and what it is called.</summary>
    /// <exception cref="InvalidDataException">The names are those of another model.</exception>
    public static (GeneralizedRcnn Model, string Name) Load(string path)
    {
        using var file = CheckpointFile.Open(path);
        var entry = file.Entries.FirstOrDefault(one => one.Name == Classifier)
            ?? throw new InvalidDataException($"{path} has no '{Classifier}': it is no Faster or Mask R-CNN of torchvision's.");
        var (model, name) = Make(file, path, entry.Shape[0]);
        file.LoadInto(model, new() { Names = NameMap.TorchvisionDetection, Skip = ["*.num_batches_tracked"] });
        model.eval();
        return (model, name);
    }

    private static (GeneralizedRcnn Model, string Name) Make(CheckpointFile file, string path, long classes)
    {
        var (masks, second) = (file.Contains(MaskPredictor), file.Contains(SecondVersion));
        if (file.Contains(ResNet))
        {
            return (masks, second) switch
            {
                (true, true) => (MaskRcnn.ResNet50V2(new() { NumClasses = classes }), "maskrcnn_resnet50_fpn_v2"),
                (true, false) => (MaskRcnn.ResNet50(new() { NumClasses = classes }), "maskrcnn_resnet50_fpn"),
                (false, true) => (FasterRcnn.ResNet50V2(new() { NumClasses = classes }), "fasterrcnn_resnet50_fpn_v2"),
                _ => (FasterRcnn.ResNet50(new() { NumClasses = classes }), "fasterrcnn_resnet50_fpn"),
            };
        }

        if (masks || !file.Contains(MobileNet)) throw new InvalidDataException($"The backbone in {path} is neither torchvision's ResNet-50 nor its MobileNetV3.");
        // The two models differ in the sizes of pictures alone, which no tensor tells.
        return Path.GetFileName(path).Contains("320", StringComparison.Ordinal)
            ? (FasterRcnn.MobileNetV3Large320(new() { NumClasses = classes }), "fasterrcnn_mobilenet_v3_large_320_fpn")
            : (FasterRcnn.MobileNetV3Large(new() { NumClasses = classes }), "fasterrcnn_mobilenet_v3_large_fpn");
    }
}
