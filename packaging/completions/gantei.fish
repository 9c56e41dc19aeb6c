# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gantei_global_optspecs
    string join \n h/help V/version
end

function __fish_gantei_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gantei_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gantei_using_subcommand
    set -l cmd (__fish_gantei_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gantei -n "__fish_gantei_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gantei -n "__fish_gantei_needs_command" -s V -l version -d 'Print version'
complete -c gantei -n "__fish_gantei_needs_command" -a "predict" -d 'Run models on photographs and folders'
complete -c gantei -n "__fish_gantei_needs_command" -a "explain" -d 'Write raw saliency maps'
complete -c gantei -n "__fish_gantei_needs_command" -a "models" -d 'List the models, check what is stored, remove one, or confirm fields of its card'
complete -c gantei -n "__fish_gantei_needs_command" -a "devices" -d 'Test every engine and device'
complete -c gantei -n "__fish_gantei_needs_command" -a "runtime" -d 'Manage the ONNX Runtime library'
complete -c gantei -n "__fish_gantei_needs_command" -a "import" -d 'Import a model into the model library'
complete -c gantei -n "__fish_gantei_needs_command" -a "check-import" -d 'Find the preprocessing of a model from images with known labels'
complete -c gantei -n "__fish_gantei_needs_command" -a "verify" -d 'Compare a model with the Keras output for the same input tensor'
complete -c gantei -n "__fish_gantei_needs_command" -a "study" -d 'Create a study, run it and show how far it is'
complete -c gantei -n "__fish_gantei_needs_command" -a "draw" -d 'Generate computer-drawn fundus photographs'
complete -c gantei -n "__fish_gantei_needs_command" -a "completions" -d 'Write completions for a shell, or the manual page, to standard output'
complete -c gantei -n "__fish_gantei_needs_command" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l model -d 'Id of a model in the library, or its file, folder or archive; may be repeated' -r
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l saliency -d 'Saliency map to compute' -r -f -a "grad-cam\t''
none\t''"
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l device -d 'auto, embedded, cpu, cuda, tensorrt, directml, coreml, openvino, webgpu, migraphx or xnnpack' -r
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l eye -d 'Eye of every given photograph: OD (right) or OS (left)' -r
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l frame -d 'Frame of a multi-frame DICOM file, from 1' -r
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l persons -d 'How photographs are grouped by person: none turns grouping off, file-names uses the persons that file names suggest; by default persons come from DICOM files, and file names give only person_guess' -r
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l overlay -d 'File format of overlays: png-fast takes less time and more space, jpeg loses some colour' -r -f -a "png\t''
png-fast\t''
jpeg\t''"
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l out -d 'Output folder for results.csv, results_full.csv, people.csv, results.json and overlays; without it nothing is written' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l accept-any-picture -d 'Use pictures even if they do not look like fundus photographs'
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l mask-names -d 'Replace file names with numbers everywhere'
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l again -d 'Start over even if a stopped run of the same command could be resumed'
complete -c gantei -n "__fish_gantei_using_subcommand predict" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand predict" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l tensor -d 'Network input as Keras takes it: NHWC float32, any batch size' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l model -d 'Id of a model in the library, or its file, folder or archive' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l method -d 'grad-cam, score-cam, hires-cam, layer-cam, integrated-gradients, smooth-grad, occlusion or input-gradient' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l layer -d 'Layer of a class activation map by its Keras name; by default the last feature map' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l target -d 'Index of the output to explain, from 0, before the last activation' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l steps -d 'Channels with the highest energy for score-cam (100), steps for integrated-gradients (50), samples for smooth-grad (50) or patches along the longer side of the network\'s input for occlusion (16)' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l baseline -d 'black, blur or mean: baseline input, for score-cam (black), integrated-gradients (black) and occlusion (mean)' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l seed -d 'Seed of smooth-grad\'s noise, and of the sanity checks\' randomised weights and random areas (0)' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l controls -d 'Run the sanity checks on the map: all, or some of hiding, weights and stability' -r -f -a "hiding\t'Deletion and insertion of the map\'s cells against random areas'
weights\t'Maps of networks with randomised weights'
stability\t'Maps of slightly perturbed photographs'"
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l disc -d 'Centre of the optic disc in pixels of the upright photograph' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l fovea -d 'Fovea in pixels of the upright photograph' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l random-areas -d 'Random areas of equal size hidden for comparison with each region' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l fill -d 'Fill of hidden cells in the sanity checks: blur, mean or black' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure -d 'Also write a figure of every photograph beside its maps, for print: png (300 dpi), svg or pdf' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure-width -d 'Width of the figure in mm, from 40 to 600' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure-ground -d 'Background of the figure: white or black' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure-panels -d 'Panels of the figure: all (photograph and maps), overlays or photograph' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure-caption -d 'Caption of the figure with placeholders, \\n between its lines; findings and the research note always follow [default: {name}: {eye}\\n{model}: {answer}\\n{map}]' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l figure-language -d 'Language of the figure: en or ja' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l report -d 'Also write a case report about each photograph as PDF, in English (en) or Japanese (ja)' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l device -d 'Device, as for predict' -r
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l out -d 'Output folder for the maps' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l regions -d 'Contribution by region: the shares of disc, peripapillary ring, macula, arcades, rest and outside, and the answer with each of them hidden; written to the field regions of the JSON'
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l accept-any-picture -d 'Use pictures even if they do not look like fundus photographs'
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l mask-names -d 'Replace file names with numbers everywhere'
complete -c gantei -n "__fish_gantei_using_subcommand explain" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gantei -n "__fish_gantei_using_subcommand models" -l remove -d 'Remove an imported model from the library' -r
complete -c gantei -n "__fish_gantei_using_subcommand models" -l confirm -d 'Confirm fields of an imported model\'s card that were assumed and are right' -r
complete -c gantei -n "__fish_gantei_using_subcommand models" -l fields -d 'The fields to confirm, such as labels,crop' -r
complete -c gantei -n "__fish_gantei_using_subcommand models" -l check -d 'Verify the checksums of every stored model; damaged models that ship with the application are restored'
complete -c gantei -n "__fish_gantei_using_subcommand models" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand models" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand devices" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand devices" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and not __fish_seen_subcommand_from install help" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and not __fish_seen_subcommand_from install help" -f -a "install" -d 'Install an ONNX Runtime library where the application looks for it'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and not __fish_seen_subcommand_from install help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and __fish_seen_subcommand_from install" -l accept -d 'Accept a file whose checksum is not pinned'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and __fish_seen_subcommand_from help" -f -a "install" -d 'Install an ONNX Runtime library where the application looks for it'
complete -c gantei -n "__fish_gantei_using_subcommand runtime; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand import" -l id -d 'Id of the model in the library' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l card -d 'Model card or completed draft' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand import" -l preset -d 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l member -d 'Which model, if a folder or archive holds several; repeat it to choose the configuration' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l input-size -d 'Height and width of the network\'s input, if the file leaves them open' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l head -d 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l output -d 'Which output, if the network has several' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l architecture -d 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l hidden-activation -d 'For weights-only files: activation of the dense layers before the last, relu or linear' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l imagenet-rescaling -d 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l pooling -d 'For weights-only files: what follows the last feature map, avg, max or flatten' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l head-norm -d 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l norm-epsilon -d 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l scaling -d 'raw, unit, tf, torch or custom' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l mean -d 'For custom scaling: three means on the 0–1 scale' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l std -d 'For custom scaling: three standard deviations on the 0–1 scale' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l colour -d 'rgb or bgr' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l resize -d 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l crop -d 'stretch, pad, square or masked' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l labels -d 'Labels of output 0 and output 1, or of each class' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l threshold -d 'Operating threshold on the score, 0–1' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l task -d 'sex, age or other' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l value-scale -d 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l value-offset -d 'For a network trained on transformed values: value = scale × output + B' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l value-range -d 'Lowest and highest value the model was trained on; values outside get a finding' -r
complete -c gantei -n "__fish_gantei_using_subcommand import" -l draft -d 'Write the known fields as a draft card and store nothing' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand import" -l replace -d 'Replace the library model that has this id'
complete -c gantei -n "__fish_gantei_using_subcommand import" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand import" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l labels -d 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l columns -d 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l values -d 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l sheet -d 'Sheet of a workbook' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l rows-per -d 'What a row is about; persons and eyes are found in file names' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l header-line -d 'Number of the line with the names of the columns' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l apply -d 'Write what the labels determine into the card of a model in the library; its setting is kept if it is among the best. With a number, write the setting of that row' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l label-order -d 'For a setting that flips the order of the labels: keep or swap them in the card' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l out -d 'Output folder for check.json, check.csv and check-scores.csv; without it nothing is written' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l device -d 'Device, as for predict' -r
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l ignore-leading-zeros -d 'Match names of digits without their leading zeros, which spreadsheets drop'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l full -d 'Run every setting; by default resize kernels are tried for the best few only'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l accept-any-picture -d 'Use pictures even if they do not look like fundus photographs'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l mask-names -d 'Replace file names with numbers everywhere, and table rows with their line numbers'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand check-import" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l input -d 'Network input as Keras takes it: NHWC float32' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l expected -d 'Output of Keras for this input' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l tolerance -d 'Largest allowed absolute error' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l device -d 'Device, as for predict' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l id -d 'Id of the model in the library' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l card -d 'Model card or completed draft' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l preset -d 'joir-efficientnet-b7, joir-mobilenet, joir-age or joir-other' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l member -d 'Which model, if a folder or archive holds several; repeat it to choose the configuration' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l input-size -d 'Height and width of the network\'s input, if the file leaves them open' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l head -d 'sigmoid, softmax or linear; for a network that ends in logits, what is to be applied to them' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l output -d 'Which output, if the network has several' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l architecture -d 'For weights-only files whose network is not recognised: its name in Keras Applications, such as EfficientNetB7' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l hidden-activation -d 'For weights-only files: activation of the dense layers before the last, relu or linear' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l imagenet-rescaling -d 'For weights-only EfficientNet files: whether training started from ImageNet weights, yes or no' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l pooling -d 'For weights-only files: what follows the last feature map, avg, max or flatten' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l head-norm -d 'For weights-only files with a batch norm after a hidden dense layer: before-activation or after-activation' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l norm-epsilon -d 'For weights-only files with a batch norm in the head: its epsilon (Keras: 0.001)' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l scaling -d 'raw, unit, tf, torch or custom' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l mean -d 'For custom scaling: three means on the 0–1 scale' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l std -d 'For custom scaling: three standard deviations on the 0–1 scale' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l colour -d 'rgb or bgr' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l resize -d 'pil-nearest, pil-bilinear, pil-bicubic, tf-bilinear or cv2-linear' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l crop -d 'stretch, pad, square or masked' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l labels -d 'Labels of output 0 and output 1, or of each class' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l threshold -d 'Operating threshold on the score, 0–1' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l task -d 'sex, age or other' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l value-scale -d 'For a network trained on transformed values: value = A × output + offset, such as 100 for ages in hundreds' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l value-offset -d 'For a network trained on transformed values: value = scale × output + B' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l value-range -d 'Lowest and highest value the model was trained on; values outside get a finding' -r
complete -c gantei -n "__fish_gantei_using_subcommand verify" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand verify" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "new" -d 'Create a study: a folder that refers to photographs and keeps what has been answered'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "labels" -d 'Read a table of labels, and keep in the study how it is read'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "run" -d 'Run the models of a study on every photograph that has no answer yet'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "evaluate" -d 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "records" -d 'List photographs whose recorded label a model contradicts, with the photographs most like them'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "supplement" -d 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "replay" -d 'Make an export of a study again and say what is different'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "status" -d 'Show how far a study is; it may be running meanwhile'
complete -c gantei -n "__fish_gantei_using_subcommand study; and not __fish_seen_subcommand_from new labels run evaluate records supplement replay status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l model -d 'Id of a model in the library; may be repeated' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l saliency -d 'Saliency map to compute' -r -f -a "grad-cam\t''
none\t''"
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l eye -d 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l frame -d 'Frame of multi-frame DICOM files, from 1; none takes the first' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l accept-any-picture -d 'Use pictures even if they do not look like fundus photographs; =no takes it back' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l persons -d 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l file-name-pattern -d 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l labels -d 'Table of labels (CSV, XLSX, ODS): columns image and sex, age or label; person, if known' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l columns -d 'Columns of the table, such as image=NAME,person=NAME,sex=NAME (or age, label); #3 is the third column. Several for image if a row describes several photographs' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l values -d 'Meaning of values in the table, such as 1=male,2=female; VALUE=- leaves its rows out' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l sheet -d 'Sheet of a workbook' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l rows-per -d 'What a row is about; persons and eyes are found in file names' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l header-line -d 'Number of the line with the names of the columns' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l out -d 'Output folder for lists of what has no row, no photograph, or cannot be read; without it nothing is written' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l ignore-leading-zeros -d 'Match names of digits without their leading zeros, which spreadsheets drop'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from labels" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l shard -d 'Run one part of several, such as 2/8: for processes that run side by side; a run without --shard joins them and writes the tables' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l model -d 'Id of a model in the library; given once for each, they replace all models of the study' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l saliency -d 'Saliency map to compute' -r -f -a "grad-cam\t''
none\t''"
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l eye -d 'Eye of every photograph: OD (right) or OS (left); none takes it from each photograph' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l frame -d 'Frame of multi-frame DICOM files, from 1; none takes the first' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l accept-any-picture -d 'Use pictures even if they do not look like fundus photographs; =no takes it back' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l persons -d 'How photographs are grouped by person, as for predict; dicom, as without it, by DICOM tags alone' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l file-name-pattern -d 'Where file names have person and eye, such as {person}_{eye}; * stands for anything, {number} for digits; none for the usual guesses' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l moved -d 'Photographs were moved: a path as the study refers to it, and where it is now' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l device -d 'Device, as for predict' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l overlay -d 'File format of overlays, as for predict' -r -f -a "png\t''
png-fast\t''
jpeg\t''"
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l failed-only -d 'Run only photographs whose last attempt failed'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l again -d 'Compute everything again; the answers so far are set aside'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l forget-missing -d 'Leave photographs that are missing out of the study'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l mask-names -d 'Replace file names with numbers in tables and messages'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l by -d 'Subgroups by a column: eye, quality, applicability, field (what it is centred on), age, or a column of the table that the study keeps; may be repeated' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l prevalence -d 'Share of positive cases for which predictive values are stated, 0 to 1; that of the cases if not given' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l samples -d 'Samples of persons for each interval by bootstrap' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l out -d 'Folder for tables (CSV, XLSX), evaluation.json and plots (PNG, SVG, PDF, points as CSV)' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l language -d 'Language of the plots' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l mask-names -d 'Put numbers in place of the names of photographs and persons in the files'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from evaluate" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l model -d 'Model with two labels; the first of the study if not given' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l similar -d 'Similar photographs for each, by what the model saw' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l device -d 'Device on which features are computed that the runs did not keep' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l out -d 'Folder for records-to-check.csv and similar-photographs.csv' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l mask-names -d 'Put numbers in place of the names of photographs and persons'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from records" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l model -d 'Model with two labels; the first of the study if not given' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l outcome -d 'Column of the outcome that the label is to be related to; with it missing labels are drawn (multiple imputation)' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l covariate -d 'Further column of the analysis, for the draws; may be repeated' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l imputations -d 'Number of imputations' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l seed -d 'Seed of the draws and of the parts of the calibration' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l out -d 'Folder for supplement.csv, supplement.json and imputed.mice.csv, imputed.stata.csv, imputed.spss.csv' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l hard-labels -d 'Also state the label at the operating threshold, with the loss that its use brings'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l mask-names -d 'Put numbers in place of the names of persons in the files'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from supplement" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from replay" -l device -d 'Device to run on' -r
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from replay" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "new" -d 'Create a study: a folder that refers to photographs and keeps what has been answered'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "labels" -d 'Read a table of labels, and keep in the study how it is read'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "run" -d 'Run the models of a study on every photograph that has no answer yet'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "evaluate" -d 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "records" -d 'List photographs whose recorded label a model contradicts, with the photographs most like them'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "supplement" -d 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "replay" -d 'Make an export of a study again and say what is different'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how far a study is; it may be running meanwhile'
complete -c gantei -n "__fish_gantei_using_subcommand study; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l count -d 'Number of eyes' -r
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l seed -d 'Seed; the same seed gives the same bytes' -r
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l size -d 'Side length in pixels, or width and height' -r
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l format -d 'png or jpg' -r -f -a "png\t''
jpg\t''"
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l out -d 'Output folder for images, labels.csv and signs.json' -r -F
complete -c gantei -n "__fish_gantei_using_subcommand draw" -l json -d 'Print one JSON document to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand draw" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand completions" -s h -l help -d 'Print help'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "predict" -d 'Run models on photographs and folders'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "explain" -d 'Write raw saliency maps'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "models" -d 'List the models, check what is stored, remove one, or confirm fields of its card'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "devices" -d 'Test every engine and device'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "runtime" -d 'Manage the ONNX Runtime library'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "import" -d 'Import a model into the model library'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "check-import" -d 'Find the preprocessing of a model from images with known labels'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "verify" -d 'Compare a model with the Keras output for the same input tensor'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "study" -d 'Create a study, run it and show how far it is'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "draw" -d 'Generate computer-drawn fundus photographs'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "completions" -d 'Write completions for a shell, or the manual page, to standard output'
complete -c gantei -n "__fish_gantei_using_subcommand help; and not __fish_seen_subcommand_from predict explain models devices runtime import check-import verify study draw completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from runtime" -f -a "install" -d 'Install an ONNX Runtime library where the application looks for it'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "new" -d 'Create a study: a folder that refers to photographs and keeps what has been answered'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "labels" -d 'Read a table of labels, and keep in the study how it is read'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "run" -d 'Run the models of a study on every photograph that has no answer yet'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "evaluate" -d 'Compare the answers of a study with its labels: figures with intervals, subgroups, plots'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "records" -d 'List photographs whose recorded label a model contradicts, with the photographs most like them'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "supplement" -d 'Supply what stands in for labels that are not recorded: calibrated probabilities, and labels drawn several times'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "replay" -d 'Make an export of a study again and say what is different'
complete -c gantei -n "__fish_gantei_using_subcommand help; and __fish_seen_subcommand_from study" -f -a "status" -d 'Show how far a study is; it may be running meanwhile'
