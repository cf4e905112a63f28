namespace DeepTricks.Detection;

/// <summary>
/// Makes detectors of the kind of Ren et al., "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks", 2015, with the feature
/// pyramid of Lin et al., 2017: torchvision's by name, or one on any backbone.
/// </summary>
/// <remarks>
/// Files of torchvision load strictly, in the current spelling of the names and in that of its first files, as
/// <see cref="Checkpoints.NameMap.TorchvisionDetection"/> knows it.
/// </remarks>
/// <example>
/// <code>
/// using var model = FasterRcnn.ResNet50();
/// using var file = CheckpointFile.Open("fasterrcnn_resnet50_fpn_coco-258fb6c6.pth");
/// file.LoadInto(model, new() { Names = NameMap.TorchvisionDetection, Skip = ["*.num_batches_tracked"] });
/// model.eval();
/// var found = model.Detect(image)[0];
/// </code>
/// </example>
public static class FasterRcnn
{
    /// <summary>Puts a detector on a backbone.</summary>
    /// <param name="backbone">The backbone, which is owned by the model.</param>
    /// <param name="options">The numbers; torchvision's where null.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn On(DetectionBackbone backbone, FasterRcnnOptions? options = null) => RcnnParts.Assemble(backbone, options ?? new(), masks: null);

    /// <summary>fasterrcnn_resnet50_fpn: a ResNet-50 with frozen normalisations and a pyramid.</summary>
    /// <param name="options">Classes and so on; torchvision's where null.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn ResNet50(FasterRcnnOptions? options = null)
    {
        options ??= new();
        return On(DetectionBackbones.ResNet50(options), options);
    }

    /// <summary>
    /// fasterrcnn_resnet50_fpn_v2: normalisations that learn in the backbone, the pyramid and the heads, and deeper heads (Li et al., "Benchmarking Detection Transfer
    /// Learning with Vision Transformers", 2021).
    /// </summary>
    /// <param name="options">Classes and so on; torchvision's where null. Its depths of the heads do not count.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn ResNet50V2(FasterRcnnOptions? options = null)
    {
        options = RcnnParts.SecondVersion(options ?? new());
        return On(DetectionBackbones.ResNet50V2(options), options);
    }

    /// <summary>fasterrcnn_mobilenet_v3_large_fpn: the large MobileNetV3 with frozen normalisations and a pyramid on its two last resolutions.</summary>
    /// <param name="options">Classes and so on; where null, and for its anchors and its proposals' threshold where they have the default, torchvision's of this model.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn MobileNetV3Large(FasterRcnnOptions? options = null)
    {
        options = RcnnParts.Mobile(options ?? new());
        return On(DetectionBackbones.MobileNetV3Large(options), options);
    }

    /// <summary>fasterrcnn_mobilenet_v3_large_320_fpn: the same for images of 320 pixels, with 150 proposals.</summary>
    /// <param name="options">Classes and so on; torchvision's where null. Its numbers of candidates and proposals, and its sizes of images, do not count.</param>
    /// <returns>The model, in training mode.</returns>
    public static GeneralizedRcnn MobileNetV3Large320(FasterRcnnOptions? options = null)
    {
        options ??= new();
        return MobileNetV3Large(options with
        {
            Transform = options.Transform with { MinSizes = [320], MaxSize = 640 },
            Proposals = options.Proposals with { Candidates = 150, Proposals = 150 },
        });
    }
}
